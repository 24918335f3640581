#include <iostream>
#include "no_such_header.h"

int main()
{
    std::cout << "0\n";
}
