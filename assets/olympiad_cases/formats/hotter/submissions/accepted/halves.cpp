#include <iostream>
#include <string>
int main()
{
    std::string word;
    int low = 0, size = 128;
    std::cin >> word;
    bool asks = word == "ask";
    if (!asks) {
        std::cin >> low;
        low *= 8;
        size = 8;
    }
    for (int i = asks ? 4 : 3; i > 0; i--) {
        size /= 2;
        std::cout << "? " << low + size << std::endl;
        if (!(std::cin >> word))
            return 1;
        low += word == "yes" ? size : 0;
    }
    std::cout << "! " << (asks ? low / 8 : low) << std::endl;
}
