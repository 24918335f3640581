def encode(h):
    return "".join(format(x, "010b") for x in h)


def decode(n, bits):
    return [int(bits[i : i + 10], 2) for i in range(0, len(bits), 10)]
