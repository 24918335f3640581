import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"\d+\n(\d+ \d+ \d+ \d+ \d+ \d+\n)+", text) and not re.search(r"\b0\d", text)
lines = text.splitlines()
lists = [tuple(map(int, line.split())) for line in lines[1:]]
assert 1 <= int(lines[0]) == len(lists) <= 10 and sum(x[0] for x in lists) <= 200000
for n, d, x, a, b, m in lists:
    assert n >= 1 and d <= 2**31 and max(x, a, b) < 2**31 and 1 <= m <= 2**31
sys.exit(42)
