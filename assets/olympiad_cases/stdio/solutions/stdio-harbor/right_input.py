from bisect import bisect_right

n, q = map(int, input().split())
boats = [tuple(map(int, input().split())) for _ in range(n)]
come = sorted(a for a, b in boats)
go = sorted(b for a, b in boats)
most = max(bisect_right(come, a) - bisect_right(go, a) for a in come)
busy, free_at = 0, 0
for a, b in sorted(boats):
    busy += max(0, b - max(a, free_at))
    free_at = max(free_at, b)
print(most, busy)
for _ in range(q):
    t = int(input())
    print(bisect_right(come, t) - bisect_right(go, t))
