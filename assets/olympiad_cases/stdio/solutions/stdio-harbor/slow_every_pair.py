n, q = map(int, input().split())
boats = [tuple(map(int, input().split())) for _ in range(n)]
times = sorted({t for boat in boats for t in boat})


def level(t):
    count = 0
    for a, b in boats:
        if a <= t:
            if t < b:
                count += 1
    return count


levels = [level(t) for t in times]
print(max(levels), sum(v - u for u, v, x in zip(times, times[1:], levels) if x > 0))
for _ in range(q):
    print(level(int(input())))
