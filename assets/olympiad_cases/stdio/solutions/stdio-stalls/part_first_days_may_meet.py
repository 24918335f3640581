from bisect import bisect_left

n = int(input())
requests = sorted((*map(int, input().split()), i + 1) for i in range(n))
starts = [r[0] for r in requests]
best = [(0, None, None)] * (n + 1)
for i in range(n - 1, -1, -1):
    a, b, pay, k = requests[i]
    j = max(i + 1, bisect_left(starts, b))
    best[i] = max((best[i + 1][0], 0, None), (best[j][0] + pay, 1, j), key=lambda t: t[:2])
granted, i = [], 0
while i < n:
    if best[i][1]:
        granted.append(requests[i][3])
        i = best[i][2]
    else:
        i += 1
print(len(granted), *granted)
