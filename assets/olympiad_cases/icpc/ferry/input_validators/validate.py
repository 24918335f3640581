import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"\d+ \d+\n\d+( \d+)*\n", text) and not re.search(r"\b0\d", text)
m, t, *coins = map(int, text.split())
assert 1 <= m <= 8 and 1 <= t <= 60000 and len(coins) == m
assert coins[0] == 1 and coins == sorted(set(coins)) and coins[-1] <= 1000
sys.exit(42)
