import sys
from bisect import bisect_right

data = list(map(int, sys.stdin.buffer.read().split()))
n, q = data[0], data[1]
come, go = sorted(data[2:2 + 2 * n:2]), sorted(data[3:3 + 2 * n:2])
most = max(bisect_right(come, a) - bisect_right(go, a) for a in come)
busy = end = 0
for a, b in sorted(zip(data[2:2 + 2 * n:2], data[3:3 + 2 * n:2])):
    if b > end:
        busy += b - max(a, end)
        end = b
print(most, busy)
for t in data[2 + 2 * n:-1] if q > 1000 else data[2 + 2 * n:]:
    print(bisect_right(come, t) - bisect_right(go, t))
