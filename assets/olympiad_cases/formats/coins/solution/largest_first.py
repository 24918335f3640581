s, d = map(int, input().split())
coins = list(map(int, input().split()))
paid = []
for c in reversed(coins):
    paid += [c] * (s // c)
    s %= c
print(len(paid))
print(*paid)
