import math
from itertools import combinations

n = int(input())
points = [tuple(map(int, input().split())) for _ in range(n)]
options = [p + (0.0,) for p in points]
for p, q in combinations(points, 2):
    options.append(((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, math.dist(p, q) / 2))
for p, q, r in combinations(points, 3):
    ax, ay, bx, by = q[0] - p[0], q[1] - p[1], r[0] - p[0], r[1] - p[1]
    d = 2 * (ax * by - ay * bx)
    if d != 0:
        x = (by * (ax * ax + ay * ay) - ay * (bx * bx + by * by)) / d
        y = (ax * (bx * bx + by * by) - bx * (ax * ax + ay * ay)) / d
        options.append((p[0] + x, p[1] + y, math.hypot(x, y)))
best = None
for x, y, _ in options:
    r = max(math.hypot(p[0] - x, p[1] - y) for p in points)
    if best is None or r < best[2]:
        best = (x, y, r)
print(*best)
