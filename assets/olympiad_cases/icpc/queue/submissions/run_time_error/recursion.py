# Recurses once a pupil: Python stops it at a thousand.
n, s = map(int, input().split())


def search(rest, queue):
    if not rest:
        return queue
    for x in sorted(rest):
        if abs(x - queue[-1]) != 1:
            found = search(rest - {x}, queue + [x])
            if found:
                return found
    return None


if n > 1500:
    n, s = 1500, min(s, 1500)
print(*search(frozenset(range(1, n + 1)) - {s}, [s]) or ["impossible"])
