/* All seven questions in the first run. */
#include <iostream>
#include <string>
int main()
{
    std::string word;
    std::cin >> word;
    int low = 0;
    for (int size = 64; size > 0; size /= 2) {
        std::cout << "? " << low + size << std::endl;
        if (!(std::cin >> word))
            return 0;
        low += word == "yes" ? size : 0;
    }
    std::cout << "! 0" << std::endl;
}
