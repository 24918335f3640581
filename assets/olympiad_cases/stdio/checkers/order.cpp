/* Checks an order of tasks, or a circle of tasks that wait for each other.
 * checker input answer feedback/ < output; 42 accepts, 43 rejects. */
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

static std::string feedback;

[[noreturn]] static void leave(int code, const std::string &why)
{
    std::ofstream(feedback + "judgemessage.txt") << why << "\n";
    std::exit(code);
}

[[noreturn]] static void reject(const std::string &why)
{
    leave(43, why);
}

/* A whole number from 1 to most in plain digits; anything else is the contestant's mistake. */
static int number(int most)
{
    std::string word;
    if (!(std::cin >> word))
        reject("the output ends early");
    if (word.size() > 5)
        reject("not a task or a count");
    int value = 0;
    for (char c : word) {
        if (c < '0' || c > '9')
            reject("not a task or a count");
        value = 10 * value + (c - '0');
    }
    if (value < 1 || value > most)
        reject("not a task or a count");
    return value;
}

static std::vector<int> different(int count, int n)
{
    std::vector<int> tasks;
    std::vector<bool> seen(static_cast<size_t>(n) + 1);
    for (int i = 0; i < count; i++) {
        int task = number(n);
        if (seen[static_cast<size_t>(task)])
            reject("a task comes twice");
        seen[static_cast<size_t>(task)] = true;
        tasks.push_back(task);
    }
    std::string more;
    if (std::cin >> more)
        reject("more output than asked for");
    return tasks;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 1;
    std::ifstream input(argv[1]), answer(argv[2]);
    feedback = argv[3];
    int n, m;
    std::string right, word;
    if (!(input >> n >> m) || !(answer >> right))
        return 1;
    std::vector<std::pair<int, int>> needs(static_cast<size_t>(m));
    for (auto &p : needs)
        if (!(input >> p.first >> p.second))
            return 1;
    if (!(std::cin >> word))
        reject("no output");
    if (word == "order") {
        std::vector<int> tasks = different(n, n), place(static_cast<size_t>(n) + 1);
        for (size_t i = 0; i < tasks.size(); i++)
            place[static_cast<size_t>(tasks[i])] = static_cast<int>(i);
        for (auto p : needs)
            if (place[static_cast<size_t>(p.first)] < place[static_cast<size_t>(p.second)])
                reject("a task is done before one that it needs");
    } else if (word == "stuck") {
        std::vector<int> tasks = different(number(n), n);
        std::set<std::pair<int, int>> known(needs.begin(), needs.end());
        for (size_t i = 0; i < tasks.size(); i++)
            if (known.count({tasks[i], tasks[(i + 1) % tasks.size()]}) == 0)
                reject("a task does not need the next");
    } else {
        reject("neither order nor stuck");
    }
    if (word != right) /* proved, and against our own answer: the test is wrong */
        leave(1, "the answer file says otherwise");
    leave(42, "right");
}
