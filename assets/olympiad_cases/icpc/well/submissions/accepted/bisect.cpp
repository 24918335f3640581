#include <iostream>
#include <string>

int main()
{
    long low = 1, high;
    std::cin >> high;
    for (;;) {
        long middle = (low + high) / 2;
        std::cout << middle << std::endl;
        std::string word;
        std::cin >> word;
        if (word == "splash")
            return 0;
        (word == "dry" ? low : high) = word == "dry" ? middle + 1 : middle - 1;
    }
}
