# Looks from the last first day to the front, so that ties fall otherwise than in right.cpp.
from bisect import bisect_right

n = int(input())
requests = sorted((*map(int, input().split()), i + 1) for i in range(n))
starts = [r[0] for r in requests]
best = [(0, 0)] * (n + 1)
for i in range(n - 1, -1, -1):
    a, b, pay, _ = requests[i]
    j = bisect_right(starts, b)
    best[i] = max((best[i + 1][0], 0), (best[j][0] + pay, 1))
granted, i = [], 0
while i < n:
    if best[i][1]:
        granted.append(requests[i][3])
        i = bisect_right(starts, requests[i][1])
    else:
        i += 1
print(len(granted))
print(*granted, sep="\n")
