import sys

words = list(map(int, sys.stdin.read().split()))
n, m = words[:2]
needs = {t: set() for t in range(1, n + 1)}
for a, b in zip(words[2::2], words[3::2]):
    needs[a].add(b)
done = {}
while True:
    free = [t for t in needs if t not in done and all(b in done for b in needs[t])]
    if not free:
        break
    done.update(dict.fromkeys(free))
if len(done) == n:
    print("order", *done)
else:
    left = [t for t in needs if t not in done]
    print("stuck", len(left), *left)
