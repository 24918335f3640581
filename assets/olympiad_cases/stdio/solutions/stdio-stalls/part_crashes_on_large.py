from bisect import bisect_right

n = int(input())
requests = sorted((*map(int, input().split()), i + 1) for i in range(n))
starts = [r[0] for r in requests]
known = {n: (0, ())}


def best(i):
    if i not in known:
        a, b, pay, k = requests[i]
        skipped, taken = best(i + 1), best(bisect_right(starts, b))
        known[i] = max(skipped, (taken[0] + pay, (k,) + taken[1]))
    return known[i]


granted = best(0)[1]
print(len(granted), *granted)
