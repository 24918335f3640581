# Linear: starts are the prefix sums lower than all before them; ends are taken from the back.
import sys


def main():
    n, k, x, a, b, m = map(int, sys.stdin.read().split())
    sums = [0] * (n + 1)
    s = 0
    for i in range(1, n + 1):
        s += x % m - k
        sums[i] = s
        x = (a * x + b) & 0x7FFFFFFF
    starts = [0]
    for i in range(1, n + 1):
        if sums[i] < sums[starts[-1]]:
            starts.append(i)
    best = 0
    for j in range(n, 0, -1):
        while starts and sums[starts[-1]] <= sums[j]:
            best = max(best, j - starts.pop())
        if not starts:
            break
    print(best or "Cold")


main()
