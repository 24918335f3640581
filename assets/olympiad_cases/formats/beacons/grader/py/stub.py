import sys

import beacons


def count(l, r):
    print("?", l, r, flush=True)
    n = int(sys.stdin.readline() or -1)
    if n < 0:
        sys.exit(0)
    return n


def main():
    n, k = map(int, sys.stdin.readline().split())
    places = beacons.find(n, k, count)
    print("!", len(places), *places, flush=True)


main()
