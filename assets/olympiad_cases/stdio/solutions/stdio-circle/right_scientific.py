# Walks towards the farthest point in ever smaller steps, then lets three points decide.
import math

n = int(input())
points = list({tuple(map(int, input().split())) for _ in range(n)})
x = sum(p[0] for p in points) / len(points)
y = sum(p[1] for p in points) / len(points)
step = 0.5
for _ in range(700):
    far = max(points, key=lambda p: (p[0] - x) ** 2 + (p[1] - y) ** 2)
    x += (far[0] - x) * step
    y += (far[1] - y) * step
    step *= 0.985
best = None
near = sorted(points, key=lambda p: -math.dist((x, y), p))[:14]
for i, p in enumerate(near):
    options = [(p[0], p[1], 0.0)]
    for j, q in enumerate(near[:i]):
        options.append(((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, math.dist(p, q) / 2))
        for r in near[:j]:
            ax, ay, bx, by = q[0] - p[0], q[1] - p[1], r[0] - p[0], r[1] - p[1]
            d = 2 * (ax * by - ay * bx)
            if d != 0:
                u = (by * (ax * ax + ay * ay) - ay * (bx * bx + by * by)) / d
                v = (ax * (bx * bx + by * by) - bx * (ax * ax + ay * ay)) / d
                options.append((p[0] + u, p[1] + v, math.hypot(u, v)))
    for c in options:
        if (best is None or c[2] < best[2]) and all(
                math.dist(c[:2], t) <= c[2] + 1e-7 for t in points):
            best = c
print("\n".join("%+.12E" % v for v in best))
