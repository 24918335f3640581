import re
import sys

text = sys.stdin.read()
sys.exit(42 if re.fullmatch("1\n[a-z]{1,100}\n", text) else 43)
