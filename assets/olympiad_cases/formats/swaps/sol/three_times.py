"""Every swap three times over: three times the least, which is just allowed in the first subtask."""
import sys
n, *p = map(int, sys.stdin.read().split())
rows = []
for i in range(n):
    while p[i] != i + 1:
        j = p[i] - 1
        rows += ["%d %d" % (i + 1, j + 1)] * 3
        p[i], p[j] = p[j], p[i]
print(len(rows), *rows, sep="\n")
