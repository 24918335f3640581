import sys
from bisect import bisect_right
from itertools import accumulate


def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, q = data[0], data[1]
    change = {}
    for a in data[2:2 + 2 * n:2]:
        change[a] = change.get(a, 0) + 1
    for b in data[3:3 + 2 * n:2]:
        change[b] = change.get(b, 0) - 1
    times = sorted(change)
    levels = list(accumulate(change[t] for t in times))
    busy = sum(v - u for u, v, x in zip(times, times[1:], levels) if x)
    levels.append(0)
    out = ["%d %d" % (max(levels), busy)]
    out += [str(levels[bisect_right(times, t) - 1]) for t in data[2 + 2 * n:2 + 2 * n + q]]
    sys.stdout.write("\n".join(out))


main()
