# Wants the average above k.
import sys

n, k, x, a, b, m = map(int, sys.stdin.read().split())
sums = [0]
for _ in range(n):
    sums.append(sums[-1] + x % m - k)
    x = (a * x + b) & 0x7FFFFFFF
first, best = n, 0
for i in sorted(range(n + 1), key=lambda i: (sums[i], -i)):
    first = min(first, i)
    best = max(best, i - first)
print(best or "cold")
