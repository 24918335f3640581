import sys


def main():
    m, t, *coins = map(int, sys.stdin.read().split())
    infinity = t + 1
    least, last = [0] + [infinity] * t, [0] * (t + 1)
    for i, c in enumerate(coins):
        for s in range(c, t + 1):
            x = least[s - c] + 1
            if x < least[s]:
                least[s] = x
                last[s] = i
    counts = [0] * m
    while t:
        counts[last[t]] += 1
        t -= coins[last[t]]
    print(*counts)


main()
