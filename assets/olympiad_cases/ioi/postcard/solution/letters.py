# Writes letters where only zeros and ones may stand.
def encode(h):
    return "h%dx" % h[0]


def decode(n, bits):
    return [0] * n
