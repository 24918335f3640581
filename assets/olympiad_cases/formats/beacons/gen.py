"""Writes tests/: inputs "n k places", answers "calls that are few, places"."""
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = [("samples", "0-01", 8, 2, 1), ("one", "1-01", 200, 1, 2), ("one", "1-02", 1000, 1, 3),
        ("many", "2-01", 1000, 3, 4), ("many", "2-02", 700, 20, 5)]


def main():
    os.makedirs(os.path.join(HERE, "tests"), exist_ok=True)
    with open(os.path.join(HERE, "tests", "mapping"), "w") as mapping:
        for subtask, name, n, k, seed in ROWS:
            places = sorted(random.Random(seed).sample(range(n // 4, n), k))
            few = max(n if n < 10 else 0, k * n.bit_length())
            with open(os.path.join(HERE, "tests", name + ".in"), "w") as f:
                f.write("%d %d\n%s\n" % (n, k, " ".join(map(str, places))))
            with open(os.path.join(HERE, "tests", name + ".out"), "w") as f:
                f.write("%d\n%s\n" % (few, " ".join(map(str, places))))
            mapping.write("%s %s\n" % (subtask, name))


main()
