n, q = map(int, input().split())
boats = [tuple(map(int, input().split())) for _ in range(n)]
times = sorted({t for boat in boats for t in boat})


def is_there(boat, t):
    return boat[0] <= t < boat[1]


def level(t):
    return sum(is_there(boat, t) for boat in boats)


most = max(level(t) for t in times)
busy = sum(v - u for u, v in zip(times, times[1:]) if level(u) > 0)
print(most, busy)
for _ in range(q):
    print(level(int(input())))
