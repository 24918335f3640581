import sys

from orchard import pick


def main():
    tokens = sys.stdin.read().split()
    n, k, kind = int(tokens[0]), int(tokens[1]), tokens[2]
    if kind == "seed":
        x, m = int(tokens[3]), int(tokens[4])
        w = []
        for _ in range(n):
            w.append(1 + x % m)
            x = (x * 1103515245 + 12345) % 2147483648
    else:
        w = [int(t) for t in tokens[3:]]
    print(pick(n, k, w))


main()
