import re
import sys

m = re.fullmatch("ask ([0-9]+)\n", sys.stdin.read())
sys.exit(42 if m and int(m[1]) < 128 else 43)
