import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"\d+ \d+\n\d+ \d+ \d+ \d+\n", text) and not re.search(r"\b0\d", text)
n, k, x, a, b, m = map(int, text.split())
assert 1 <= n <= 300000 and 0 <= k <= 10**6 and max(x, a, b) < 2**31 and 1 <= m <= 10**6
sys.exit(42)
