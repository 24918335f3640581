n = int(input())
requests = [(*map(int, input().split()), i + 1) for i in range(n)]
granted = []
for a, b, pay, k in sorted(requests, key=lambda r: (-r[2], r[3])):
    if all(b < c or d < a for c, d, _, _ in granted):
        granted.append((a, b, pay, k))
print(len(granted), *(r[3] for r in granted))
