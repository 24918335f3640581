n, k = map(int, input().split())
planks = sorted(map(int, input().split()), reverse=True)
ways = [1] + [0] * n
for i in range(1, n + 1):
    ways[i] = sum(ways[i - x] for x in planks if x <= i) % 1000000007
count, left = 0, n
for x in planks:
    count += left // x
    left %= x
print(ways[n], count if left == 0 else -1)
