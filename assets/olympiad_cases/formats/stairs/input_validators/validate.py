import re
import sys

m = re.fullmatch("([0-9]+) ([0-9]+)\n", sys.stdin.read())
sys.exit(42 if m and 1 <= int(m[1]) <= 1000 and 1 <= int(m[2]) <= 10 ** 9 else 43)
