/* A small header of this package's own, which speaks the protocol of checkers made with the testlib
 * of Codeforces: CHECKER INPUT OUTPUT ANSWER, the verdict as the exit code, and before the message
 * a word for it on standard error. */
#pragma once
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

enum verdict { _ok = 0, _wa = 1, _pe = 2, _fail = 3, _points = 7, _part = 1000 };

/* "partially correct": a percentage, which is the exit code too, whatever else that code means. */
inline verdict _pc(int percent)
{
    return verdict(_part + percent);
}

inline void quitf(verdict v, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (v >= _part)
        fprintf(stderr, "partially correct (%d) ", v - _part);
    else
        fputs(v == _ok     ? "ok "
              : v == _wa   ? "wrong answer "
              : v == _pe   ? "wrong output format "
              : v == _fail ? "FAIL "
                           : "",
              stderr);
    vfprintf(stderr, format, list);
    va_end(list);
    fputs("\n", stderr);
    exit(v >= _part ? v - _part : v);
}

inline void quitp(double points, const char *message)
{
    fprintf(stderr, "points %g %s\n", points, message);
    exit(_points);
}

struct stream {
    std::ifstream in;
    verdict blame;

    int number(int least, int most)
    {
        int x;
        if (!(in >> x))
            quitf(blame, "expected a number");
        if (x < least || x > most)
            quitf(blame == _pe ? _wa : blame, "%d is not from %d to %d", x, least, most);
        return x;
    }

    void end()
    {
        std::string more;
        if (in >> more)
            quitf(blame, "expected the end, found more");
    }
};

static stream inf, ouf, ans;

inline void registerTestlibCmd(int argc, char **argv)
{
    if (argc < 4)
        quitf(_fail, "three files must be named");
    inf.in.open(argv[1]);
    ouf.in.open(argv[2]);
    ans.in.open(argv[3]);
    inf.blame = ans.blame = _fail;
    ouf.blame = _pe;
}
