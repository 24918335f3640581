import sys

data = list(map(int, sys.stdin.read().split()))
v, area, moment, level = data[1], 0, 0, 0.0
for f, a in sorted(zip(data[3::2], data[2::2])):
    if area and level <= f:
        break
    area += a
    moment += a * f
    level = (v + moment) / area
print(level)
sys.exit(1)
