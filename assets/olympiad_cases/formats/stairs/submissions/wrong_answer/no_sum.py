"""Steps go up, but to nowhere: only the first validator sees it."""
n, s = map(int, input().split())
print(*range(1, n + 1))
