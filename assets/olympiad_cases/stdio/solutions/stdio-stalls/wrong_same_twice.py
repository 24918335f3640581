n = int(input())
requests = [tuple(map(int, input().split())) for _ in range(n)]
best = max(range(n), key=lambda i: requests[i][2]) + 1
print(n + 1, *[best] * (n + 1))
