"""A second implementation of engine/random_model.c's numbers, written from its header's text.

usage: random_model_check.py MODEL_DIR SEED

Recomputes every number of a bf16 folder that `podium bench --make-model` wrote (ds-micro: a
minute) and prints the SHA-256 of its weight file, which tests/unit/engine/test_random_model.c
holds. Nothing but Python is needed.
"""
import hashlib
import json
import struct
import sys

M32 = 0xFFFFFFFF


def philox(seed, stream, position):
    c0, c1, c2, c3 = position & M32, position >> 32, stream & M32, stream >> 32
    k0, k1 = seed & M32, seed >> 32
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & M32, (p0 >> 32) ^ c3 ^ k1, p0 & M32
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return c1 << 32 | c0


def stream_of(name):
    h = 0x706F6469756D
    for byte in name.encode():
        h = philox(h, 0x706F6469756D, byte)
    return h


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def bf16(x):
    u = struct.unpack("<I", struct.pack("<f", x))[0]
    return (u + 0x7FFF + (u >> 16 & 1)) >> 16


STEP = f32(0.02 / (8 * (256**2 - 1) / 12) ** 0.5)


def number(name, seed, stream, i):
    x = f32((sum(philox(seed, stream, i).to_bytes(8, "little")) - 1020) * STEP)
    return f32(1 + x) if name.endswith("norm.weight") else x


def main():
    path, seed = sys.argv[1] + "/model.safetensors", int(sys.argv[2])
    raw = open(path, "rb").read()
    n = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + n])
    header.pop("__metadata__")
    for name, t in header.items():
        begin, end = (8 + n + at for at in t["data_offsets"])
        stream, wide = stream_of(name), t["dtype"] == "F32"
        for i in range((end - begin) // (4 if wide else 2)):
            bits = bf16(number(name, seed, stream, i))
            got = raw[begin + 4 * i : begin + 4 * i + 4] if wide else raw[begin + 2 * i : begin + 2 * i + 2]
            want = struct.pack("<I", bits << 16) if wide else struct.pack("<H", bits)
            if got != want:
                sys.exit(f"{name}[{i}]: {got.hex()}, not {want.hex()}")
    print(hashlib.sha256(raw).hexdigest())


main()
