import sys

n, k, x, a, b, m = map(int, sys.stdin.read().split())
sums = [0]
for _ in range(n):
    sums.append(sums[-1] + x % m - k)
    x = (a * x + b) & 0x7FFFFFFF
best = 0
for i in range(n):
    j = n
    while j > i + best and sums[j] < sums[i]:
        j -= 1
    best = max(best, j - i)
print(best or "cold")
