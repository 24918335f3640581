import sys

print("1.0")
print("translate:success", file=sys.stderr)
