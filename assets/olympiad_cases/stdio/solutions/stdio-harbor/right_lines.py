import sys
from bisect import bisect_right

rows = iter(sys.stdin)
n, q = map(int, next(rows).split())
boats = []
for row in rows:
    a, b = row.split()
    boats.append((int(a), int(b)))
    if len(boats) == n:
        break
come, go = sorted(b[0] for b in boats), sorted(b[1] for b in boats)
most = level = j = 0
for a in come:
    while go[j] <= a:
        j += 1
        level -= 1
    level += 1
    most = max(most, level)
busy = end = 0
for a, b in sorted(boats):
    if b > end:
        busy += b - max(a, end)
        end = b
print(most, busy, flush=True)
for row in rows:
    t = int(row)
    print(bisect_right(come, t) - bisect_right(go, t), flush=True)
