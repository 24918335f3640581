import sys

from ridge import summit


def height(i):
    print("?", i, flush=True)
    line = sys.stdin.readline()
    if not line or int(line) < 0:
        sys.exit(0)
    return int(line)


def main():
    n = int(sys.stdin.readline())
    print("!", summit(n, height), flush=True)


main()
