import sys

low, high = 1, int(sys.stdin.readline())
while True:
    middle = (low + high) // 2
    sys.stdout.write("%d\n" % middle)
    word = sys.stdin.readline().strip()
    if word in ("splash", ""):
        break
    if word == "dry":
        low = middle + 1
    else:
        high = middle - 1
