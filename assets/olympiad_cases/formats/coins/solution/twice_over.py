"""Changes large coins into smaller ones until there are more than twice as many as needed."""
s, d = map(int, input().split())
coins = list(map(int, input().split()))


def pay(s, coins):
    paid = []
    for c in reversed(coins):
        paid += [c] * (s // c)
        s %= c
    return paid


paid = pay(s, coins)
jury = len(paid)
while len(paid) <= 2 * jury:
    c = max(paid)
    paid.remove(c)
    paid += pay(c, [x for x in coins if x < c])
print(len(paid))
print(*paid)
