"""Makes input/ and output/: the answer is the least number of swaps, n less the cycles."""
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))


def cycles(p):
    seen, n = set(), 0
    for i in range(len(p)):
        if i not in seen:
            n += 1
        while i not in seen:
            seen.add(i)
            i = p[i] - 1
    return n


def shuffled(n, seed):
    p = list(range(1, n + 1))
    random.Random(seed).shuffle(p)
    return p


def main():
    rows = [[2, 1], [2, 3, 1, 5, 4], shuffled(40, 1), list(range(2, 2001)) + [1], shuffled(2000, 2)]
    for folder in ("input", "output"):
        os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    for i, p in enumerate(rows):
        with open(os.path.join(HERE, "input", "input%d.txt" % i), "w") as f:
            f.write("%d\n%s\n" % (len(p), " ".join(map(str, p))))
        with open(os.path.join(HERE, "output", "output%d.txt" % i), "w") as f:
            f.write("%d\n" % (len(p) - cycles(p)))


main()
