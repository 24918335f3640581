n, k = map(int, input().split())
planks = list(map(int, input().split()))
NEVER = 10**9
ways = [1] + [0] * n
least = [0] + [NEVER] * n
for i in range(1, n + 1):
    for x in planks:
        if x <= i and least[i - x] < NEVER:
            ways[i] += ways[i - x]
            least[i] = min(least[i], least[i - x] + 1)
    ways[i] %= 1000000007
print(ways[n], least[n] if least[n] < NEVER else -1)
