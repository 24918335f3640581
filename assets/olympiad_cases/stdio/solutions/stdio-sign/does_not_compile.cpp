#include <iostream>

int main()
{
    std::cout << "+" << string(11, '-') << "+\n";
}
