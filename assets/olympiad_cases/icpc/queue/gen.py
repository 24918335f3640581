"""Makes data/ of this problem. An answer file says whether there is a queue: every one up to n = 8 was tried."""
import itertools
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def is_possible(n, s):
    if n > 8:
        return True
    rest = [x for x in range(1, n + 1) if x != s]
    return any(all(abs(a - b) != 1 for a, b in zip((s,) + p, p)) for p in itertools.permutations(rest))


def main():
    cases = {"sample/1": (5, 2), "sample/2": (3, 2), "secret/01": (1, 1), "secret/02": (2, 1), "secret/03": (4, 1),
             "secret/04": (4, 2), "secret/05": (4, 3), "secret/06": (4, 4), "secret/07": (5, 3), "secret/08": (6, 6),
             "secret/09": (7, 4), "secret/10": (8, 1), "secret/11": (3, 1), "secret/12": (50000, 1),
             "secret/13": (50000, 50000), "secret/14": (49999, 25000), "secret/15": (50000, 25001)}
    for name, (n, s) in cases.items():
        with open(os.path.join(HERE, "data", name + ".in"), "w") as f:
            f.write("%d %d\n" % (n, s))
        with open(os.path.join(HERE, "data", name + ".ans"), "w") as f:
            f.write("possible\n" if is_possible(n, s) else "impossible\n")


main()
