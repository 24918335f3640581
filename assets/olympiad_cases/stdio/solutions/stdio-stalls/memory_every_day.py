# What is best up to each day, for each number of requests.
n = int(input())
requests = sorted(((*map(int, input().split()), i + 1) for i in range(n)), key=lambda r: r[1])
last = max(r[1] for r in requests)
best = [[(0, ())] * (last + 1) for _ in range(n + 1)]
for i, (a, b, pay, k) in enumerate(requests):
    before = best[i][a - 1]
    taken = (before[0] + pay, before[1] + (k,))
    best[i + 1][:b] = best[i][:b]
    for day in range(b, last + 1):
        best[i + 1][day] = max(best[i][day], taken)
granted = best[n][last][1]
print(len(granted), *granted)
