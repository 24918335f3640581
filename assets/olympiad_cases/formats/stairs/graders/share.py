"""share.py POINTS PERCENT: accepted when so many in a hundred results are, for that part of the points."""
import sys

points, percent = float(sys.argv[1]), float(sys.argv[2])
rows = [line.split() for line in sys.stdin]
good = sum(code == "AC" and float(score) == 1 for code, score in rows)
if 100 * good >= percent * len(rows):
    print("AC", points * good / len(rows))
else:
    print(next(code for code, score in rows if code != "AC"), 0)
