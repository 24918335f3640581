import re
import sys

m = re.fullmatch(r"([1-9]\d{0,9}) ([1-9]\d{0,9})\n", sys.stdin.read())
assert m and int(m[2]) <= int(m[1]) <= 10**9
sys.exit(42)
