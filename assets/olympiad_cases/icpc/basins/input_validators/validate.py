import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"(\d+ \d+\n)+", text) and not re.search(r"\b0\d", text)
rows = [tuple(map(int, line.split())) for line in text.splitlines()]
n, v = rows[0]
assert 1 <= n <= 5000 and 1 <= v <= 10**12 and len(rows) == n + 1
assert all(1 <= a <= 10**6 and 0 <= f <= 10**6 for a, f in rows[1:])
sys.exit(42)
