"""Writes tests/. The jury pays the largest coin first, which is not always best: in 2-02 it is not."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = [("small", "1-01", 87, [1, 2, 5, 10]), ("small", "1-02", 48, [1, 2, 5, 10]),
        ("large", "2-01", 9342, [1, 2, 5, 10, 100, 200]), ("large", "2-02", 7202, [1, 2, 100, 300, 400, 500])]


def largest_first(s, coins):
    n = 0
    for c in reversed(coins):
        n += s // c
        s %= c
    return n


def main():
    os.makedirs(os.path.join(HERE, "tests"), exist_ok=True)
    with open(os.path.join(HERE, "tests", "mapping"), "w") as mapping:
        for subtask, name, s, coins in ROWS:
            with open(os.path.join(HERE, "tests", name + ".in"), "w") as f:
                f.write("%d %d\n%s\n" % (s, len(coins), " ".join(map(str, coins))))
            with open(os.path.join(HERE, "tests", name + ".out"), "w") as f:
                f.write("%d\n" % largest_first(s, coins))
            mapping.write("%s %s\n" % (subtask, name))


main()
