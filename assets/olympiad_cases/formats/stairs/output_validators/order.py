"""Each number is larger than the one before it: the other half of what is right."""
import sys

if sys.argv[4:] != ["strict"]:
    sys.exit(1)
try:
    numbers = [int(w) for w in sys.stdin.read().split()]
except ValueError:
    sys.exit(43)
for a, b in zip(numbers, numbers[1:]):
    if a >= b:
        with open(sys.argv[3] + "judgemessage.txt", "w") as f:
            f.write("%d before %d" % (a, b))
        sys.exit(43)
sys.exit(42)
