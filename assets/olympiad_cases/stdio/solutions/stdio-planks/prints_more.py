n, k = map(int, input().split())
planks = list(map(int, input().split()))
ways = [1] + [0] * n
least = [0] + [10**9] * n
for i in range(1, n + 1):
    for x in planks:
        if x <= i:
            ways[i] += ways[i - x]
            least[i] = min(least[i], least[i - x] + 1)
    ways[i] %= 1000000007
print("The answer is", ways[n], least[n] if ways[n] else -1)
