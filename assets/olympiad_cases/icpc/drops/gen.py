"""Makes data/ of this problem. Answers come from a merge sort, and from the definition for lists up to 2000."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
BIG = 1 << 31
LCG = (1103515245, 12345)
CASES = {
    "sample/1": [(5, 2, 9, 7, 3, 10), (3, 0, 4, 1, 0, 10)],
    "secret/1-small/1": [(1, 0, 0, 0, 0, 1), (2, 0, 5, 0, 3, 10), (50, 10, 1) + LCG + (100,)],
    "secret/1-small/2": [(20, 500, i) + LCG + (1000,) for i in range(1, 6)],
    "secret/2-medium/3": [(2000, 12345, 3) + LCG + (1000000,)],
    "secret/2-medium/4": [(200, 70, i) + LCG + (1000,) for i in range(10)],
    "secret/3-odd/1-ties": [(1000, 0, 7) + LCG + (3,), (1000, 1, 8) + LCG + (4,)],
    "secret/3-odd/2-large": [(1500, 1 << 30, 9) + LCG + (BIG,), (500, BIG, 10) + LCG + (BIG,)],
    "secret/3-odd/3-plain": [(2000, 100, 11) + LCG + (5000,)],
    "secret/4-large/1": [(200000, 10, 12) + LCG + (1000000,)],
    "secret/4-large/2": [(100000, 0, 13) + LCG + (BIG,), (99999, 999, 14) + LCG + (1000,), (1, 0, 0, 0, 0, 1)],
}
LINKS = {"secret/2-medium/1": "../1-small/1", "secret/2-medium/2": "../1-small/2"}


def prices(n, d, x, a, b, m):
    for _ in range(n):
        yield x % m
        x = (a * x + b) % BIG


def count(p, d):
    """Sorts p and returns how many pairs were great drops."""
    if len(p) < 2:
        return 0
    half = len(p) // 2
    left, right = p[:half], p[half:]
    total, i = count(left, d) + count(right, d), 0
    for y in right:
        while i < len(left) and left[i] - y <= d:
            i += 1
        total += len(left) - i
    p[:] = sorted(left + right)
    return total


for name, lists in CASES.items():
    answers = []
    for spec in lists:
        p, d = list(prices(*spec)), spec[1]
        answer = count(list(p), d)
        assert len(p) > 2000 or answer == sum(p[i] - y > d for j, y in enumerate(p) for i in range(j))
        answers.append(answer)
    with open(os.path.join(HERE, "data", name + ".in"), "w") as f:
        f.write("%d\n" % len(lists) + "".join(" ".join(map(str, spec)) + "\n" for spec in lists))
    with open(os.path.join(HERE, "data", name + ".ans"), "w") as f:
        f.write("".join("%d\n" % a for a in answers))
for name, target in LINKS.items():
    for end in (".in", ".ans"):
        path = os.path.join(HERE, "data", name + end)
        if os.path.lexists(path):
            os.remove(path)
        os.symlink(target + end, path)
