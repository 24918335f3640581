import sys

words = list(map(int, sys.stdin.read().split()))
n, m = words[:2]
needs = [[] for _ in range(n + 1)]
for a, b in zip(words[2::2], words[3::2]):
    needs[a].append(b)
state, path, order = [0] * (n + 1), [], []


def visit(t):
    if state[t] == 1:
        circle = path[path.index(t):]
        print("stuck", len(circle), *circle)
        sys.exit()
    if state[t] == 0:
        state[t] = 1
        path.append(t)
        for u in needs[t]:
            visit(u)
        path.pop()
        state[t] = 2
        order.append(t)


for t in range(1, n + 1):
    visit(t)
print("order", *order)
