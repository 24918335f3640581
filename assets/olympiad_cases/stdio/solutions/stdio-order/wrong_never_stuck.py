n, m = map(int, input().split())
needs = {t: set() for t in range(1, n + 1)}
for _ in range(m):
    a, b = map(int, input().split())
    needs[a].add(b)
order, done = [], set()
while len(order) < n:
    free = [t for t in needs if t not in done and needs[t] <= done]
    if not free:
        free = [min(t for t in needs if t not in done)]
    order += free
    done.update(free)
print("order", *order)
