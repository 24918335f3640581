import sys

from postcard import decode, encode

STEP = {"U": 1, "D": -1, "=": 0}
LETTER = {1: "U", -1: "D", 0: "="}


def send(out):
    first, steps = sys.stdin.read().split("\n")[:2]
    heights = [int(first.split()[1])]
    for c in steps.strip():
        heights.append(heights[-1] + STEP[c])
    bits = encode(heights)
    is_bad = len(bits) > 100000 or set(bits) - set("01")
    out.write("%d %s\n" % (len(heights), "bad" if is_bad else "b" + bits))


def receive(source):
    words = source.read().split()
    if len(words) != 2 or words[1] == "bad":
        print("no message")
        return
    n, bits = int(words[0]), words[1][1:]
    h = decode(n, bits)
    if len(h) != n:
        print(len(h), "places")
        return
    print(len(bits))
    print(n, h[0])
    print("".join(LETTER.get(b - a, "?") for a, b in zip(h, h[1:])))


def main():
    is_first = sys.argv[1] == "0"
    with open(sys.argv[2], "w" if is_first else "r") as f:
        send(f) if is_first else receive(f)


main()
