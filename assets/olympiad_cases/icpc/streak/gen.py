"""Makes data/ of this problem. Answers come from the definition where n is small, else from a sweep by prefix."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = {
    "sample/1": (8, 5, 7, 5, 3, 10), "sample/2": (3, 10, 1, 1, 1, 10), "secret/01-one": (1, 0, 0, 0, 0, 1),
    "secret/02-all": (300000, 0, 5, 1103515245, 12345, 1000000), "secret/03-equal": (1000, 3, 3, 1, 0, 7),
    "secret/04-small": (60, 52, 99, 1103515245, 12345, 100), "secret/05-medium": (2000, 510, 77, 1103515245, 12345, 1000),
    "secret/06-falls": (300000, 520, 2024, 1103515245, 12345, 1000),
    "secret/07-even": (299999, 500, 31, 1103515245, 12345, 1000),
    "secret/08-wide": (300000, 505000, 8, 1103515245, 12345, 1000000),
}


def longest(days, k):
    sums = [0]
    for t in days:
        sums.append(sums[-1] + t - k)
    order = sorted(range(len(sums)), key=lambda i: (sums[i], i))
    first, best = len(sums), 0
    for i in order:
        first = min(first, i)
        best = max(best, i - first)
    return best


def by_definition(days, k):
    n = len(days)
    return max((j - i for i in range(n) for j in range(i + 1, n + 1) if sum(days[i:j]) >= k * (j - i)), default=0)


for name, (n, k, x, a, b, m) in CASES.items():
    with open(os.path.join(HERE, "data", name + ".in"), "w") as f:
        f.write("%d %d\n%d %d %d %d\n" % (n, k, x, a, b, m))
    days = []
    for _ in range(n):
        days.append(x % m)
        x = (a * x + b) % 2**31
    answer = longest(days, k)
    assert n > 60 or answer == by_definition(days, k)
    with open(os.path.join(HERE, "data", name + ".ans"), "w") as f:
        f.write("%s\n" % (answer or "cold"))
