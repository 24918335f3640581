# Pays the whole fare with the largest coin and asks for change.
import sys

m, t, *coins = map(int, sys.stdin.read().split())
print(*[0] * (m - 1), t // coins[-1] + 1)
