n, m = map(int, input().split())
needs = {t: set() for t in range(1, n + 1)}
for _ in range(m):
    a, b = map(int, input().split())
    needs[a].add(b)
done = {}
while len(done) < n:
    free = [t for t in needs if t not in done and all(b in done for b in needs[t])]
    if not free:
        print("stuck")
        break
    done.update(dict.fromkeys(free))
print("order", *done)
print("That was easy.")
