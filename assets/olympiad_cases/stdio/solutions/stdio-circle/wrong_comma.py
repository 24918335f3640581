import math


def through(p, q):
    return (p[0] + q[0]) / 2, (p[1] + q[1]) / 2, math.dist(p, q) / 2


def around(p, q, r):
    ax, ay, bx, by = q[0] - p[0], q[1] - p[1], r[0] - p[0], r[1] - p[1]
    d = 2 * (ax * by - ay * bx)
    if d == 0:
        return max(through(p, q), through(p, r), through(q, r), key=lambda c: c[2])
    x = (by * (ax * ax + ay * ay) - ay * (bx * bx + by * by)) / d
    y = (ax * (bx * bx + by * by) - bx * (ax * ax + ay * ay)) / d
    return p[0] + x, p[1] + y, math.hypot(x, y)


def holds(c, p):
    return math.dist(c[:2], p) <= c[2] * (1 + 1e-12) + 1e-9


n = int(input())
points = list({tuple(map(int, input().split())) for _ in range(n)})
c = points[0] + (0,)
for i, p in enumerate(points):
    if holds(c, p):
        continue
    c = p + (0,)
    for j in range(i):
        if holds(c, points[j]):
            continue
        c = through(p, points[j])
        for q in points[:j]:
            if not holds(c, q):
                c = around(p, points[j], q)
print(" ".join("%.9f" % v for v in c).replace(".", ","))
