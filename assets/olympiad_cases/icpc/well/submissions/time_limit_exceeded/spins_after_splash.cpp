/* Finds the depth and does not end. */
#include <iostream>
#include <string>

int main()
{
    long low = 1, high;
    std::cin >> high;
    for (std::string word; word != "splash";) {
        long middle = (low + high) / 2;
        std::cout << middle << std::endl;
        std::cin >> word;
        if (word == "dry")
            low = middle + 1;
        if (word == "slack")
            high = middle - 1;
    }
    for (volatile long i = 0;; i = i + 1)
        continue;
}
