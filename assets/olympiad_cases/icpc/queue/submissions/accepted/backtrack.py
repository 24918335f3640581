# Depth first for small classes; for large ones a short start is searched and the rest is regular.
import sys


def search(rest, queue):
    if not rest:
        return queue
    for x in sorted(rest):
        if abs(x - queue[-1]) != 1:
            found = search(rest - {x}, queue + [x])
            if found:
                return found
    return None


def main():
    n, s = map(int, input().split())
    if n <= 8:
        found = search(frozenset(range(1, n + 1)) - {s}, [s])
        print(*found or ["impossible"])
        return
    others = [x for x in range(1, n + 1) if x != s]
    even, odd = [x for x in others if x % 2 == 0], [x for x in others if x % 2]
    for first, second in ((even, odd), (odd, even), (even[::-1], odd[::-1]), (odd[::-1], even[::-1])):
        queue = [s] + first + second
        if all(abs(a - b) != 1 for a, b in zip(queue, queue[1:])):
            print(*queue, sep=" ")
            return
    sys.exit("no regular queue")


main()
