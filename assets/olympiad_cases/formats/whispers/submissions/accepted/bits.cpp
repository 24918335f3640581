#include <algorithm>
#include <iostream>
#include <string>
int main()
{
    int pass;
    std::string s, out;
    std::cin >> pass >> s;
    if (pass == 3)
        std::reverse(s.begin(), s.end());
    if (pass == 1)
        for (char c : s)
            for (int b = 4; b >= 0; b--)
                out += char('0' + ((c - 'a') >> b & 1));
    else
        for (size_t i = 0; i < s.size(); i += 5)
            out += char('a' + std::stoi(s.substr(i, 5), nullptr, 2));
    std::cout << out << "\n";
}
