# All pairs: right, too slow for group 4.
for _ in range(int(input())):
    n, d, x, a, b, m = map(int, input().split())
    p = []
    for _ in range(n):
        p.append(x % m)
        x = (a * x + b) % 2**31
    total = 0
    for j in range(n):
        limit = p[j] + d
        total += sum(q > limit for q in p[:j])
    print(total)
