import sys

first, *rows = sys.stdin.read().split("\n")
width, count = map(int, first.split())
border = "+" + "-" * (width + 2) + "+"
sign = [border]
for row in rows[:count]:
    left = (width - len(row)) // 2
    sign.append("| " + (" " * left + row).ljust(width) + " |")
sys.stdout.write("\n".join(sign + [border]))
sys.stderr.write("drawn %d rows\n" % count)
