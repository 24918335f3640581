"""Makes data/ of this problem: inputs from seeds, answers in exact fractions."""
import os
import random
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))


def level(v, basins):
    basins = sorted(basins, key=lambda b: b[1])
    area, held = 0, 0
    for i, (a, f) in enumerate(basins):
        area += a
        held += a * f
        top = Fraction(v + held, area)
        if i + 1 == len(basins) or top <= basins[i + 1][1]:
            return top
    raise AssertionError


def write(name, v, basins):
    with open(os.path.join(HERE, "data", name + ".in"), "w") as f:
        f.write("%d %d\n" % (len(basins), v))
        f.writelines("%d %d\n" % b for b in basins)
    x = level(v, basins)
    scaled = (x.numerator * 10**10 * 2 + x.denominator) // (2 * x.denominator)
    with open(os.path.join(HERE, "data", name + ".ans"), "w") as f:
        f.write("%d.%010d\n" % divmod(scaled, 10**10))


def main():
    r = random.Random(20)
    write("sample/1", 10, [(2, 0), (3, 1), (7, 5)])
    write("sample/2", 1, [(3, 0)])
    write("secret/1-one", 1000000000000, [(1, 1000000)])
    write("secret/2-tiny", 1, [(1000000, 0), (1000000, 0), (999999, 0)])
    write("secret/3-touches", 4, [(2, 3), (5, 5)])
    write("secret/4-some", 123456, [(r.randint(1, 50), r.randint(0, 300)) for _ in range(40)])
    write("secret/5-stairs", 2 * 10**9, [(r.randint(1, 9), i * 5) for i in range(2000)])
    write("secret/6-many", 10**12, [(r.randint(1, 10**6), r.randint(0, 10**6)) for _ in range(5000)])
    write("secret/7-deep", 10**12, [(1, 0)])


main()
