/* Quick to speak, and then it listens for ever. */
#include <iostream>
#include <string>
int main()
{
    int pass;
    std::string s, out;
    std::cin >> pass >> s;
    for (volatile bool forever = true; pass == 2 && forever;)
        continue;
    for (char c : s)
        for (int b = 4; b >= 0; b--)
            out += char('0' + ((c - 'a') >> b & 1));
    std::cout << out << "\n";
}
