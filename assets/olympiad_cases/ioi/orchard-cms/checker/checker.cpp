/* checker INPUT ANSWER OUTPUT: the outcome on stdout, a message on stderr, exit code 0. Both files
 * must hold the same number and nothing else. */
#include <fstream>
#include <iostream>
#include <string>

int main(int argc, char **argv)
{
    if (argc != 4)
        return 1;
    std::ifstream answer(argv[2]), output(argv[3]);
    std::string want, got, more;
    if (!(answer >> want))
        return 1;
    bool is_same = (output >> got) && got == want && !(output >> more);
    std::cout << (is_same ? "1.0" : "0.0") << std::endl;
    std::cerr << (is_same ? "translate:success" : "translate:wrong") << std::endl;
    return 0;
}
