#include <cstdlib>
#include <iostream>
#include <string>
int main()
{
    std::string word;
    std::cin >> word;
    if (word == "tell")
        abort();
    std::cout << "! 3" << std::endl;
}
