from functools import lru_cache

n, k = map(int, input().split())
planks = list(map(int, input().split()))
NEVER = 10**9


@lru_cache(maxsize=None)
def build(left):
    if left == 0:
        return 1, 0
    ways, least = 0, NEVER
    for x in planks:
        if x <= left:
            w, l = build(left - x)
            ways, least = ways + w, min(least, l + 1)
    return ways % 1000000007, least


ways, least = build(n)
print(ways, least if least < NEVER else -1)
