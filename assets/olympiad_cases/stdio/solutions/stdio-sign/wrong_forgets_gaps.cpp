#include <iostream>
#include <sstream>
#include <string>

int main()
{
    std::string row;
    size_t width, count;
    std::cin >> width >> count;
    std::getline(std::cin, row);
    std::string border = "+" + std::string(width + 2, '-') + "+";
    std::cout << border << "\n";
    while (count-- > 0) {
        std::string line, word;
        std::getline(std::cin, row);
        std::istringstream words(row);
        while (words >> word)
            line += (line.empty() ? "" : " ") + word;
        size_t left = (width - line.size()) / 2;
        std::cout << "| " << std::string(left, ' ') << line
                  << std::string(width - line.size() - left, ' ') << " |\n";
    }
    std::cout << border << "\n";
}
