/* Right, and in the wrong place. */
#include <fstream>
#include <iostream>
int main()
{
    int n;
    std::ifstream("input.txt") >> n;
    std::cout << std::string(n, 'L') << "\n";
}
