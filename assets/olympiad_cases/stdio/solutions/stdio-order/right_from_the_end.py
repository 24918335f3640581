# Depth first without recursion, the highest number first: other orders and circles than right.cpp.
import sys

words = list(map(int, sys.stdin.buffer.read().split()))
n, m = words[:2]
needs = [[] for _ in range(n + 1)]
for a, b in zip(words[2::2], words[3::2]):
    needs[a].append(b)
NEW, OPEN, DONE = 0, 1, 2
state = [NEW] * (n + 1)
order, circle = [], None
for start in range(n, 0, -1):
    if state[start] != NEW or circle:
        continue
    path, rest = [start], [iter(needs[start])]
    state[start] = OPEN
    while path and not circle:
        for u in rest[-1]:
            if state[u] == OPEN:
                circle = path[path.index(u):]
                break
            if state[u] == NEW:
                state[u] = OPEN
                path.append(u)
                rest.append(iter(needs[u]))
                break
        else:
            state[path[-1]] = DONE
            order.append(path.pop())
            rest.pop()
if circle:
    print("stuck", len(circle))
    print(*circle)
else:
    print("order")
    print(*order)
