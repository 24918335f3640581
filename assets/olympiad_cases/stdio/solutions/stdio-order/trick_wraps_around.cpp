#include <iostream>

/* Numbers that are right modulo 2^32 and modulo 2^64, and one with a zero byte. */
int main()
{
    int n, m;
    std::cin >> n >> m;
    std::cout << "order 4294967298 18446744073709551617 3";
    std::cout.write("\0", 1);
    std::cout << "\n";
}
