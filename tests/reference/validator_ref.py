"""An independent reading of the output comparisons, with exact fractions instead of digit streams.

    validator_ref.py check FILE...     every line's verdict must be the one found here
    validator_ref.py random N SEED     prints N lines around the borders of tolerances

A line of a case file is five fields between tabs: rule, expected output, output, verdict (AC or
WA), reason. Empty lines and lines that begin with # are skipped. In the outputs \\n \\t \\r \\v \\f
\\0 \\\\ \\s (space) and \\xHH stand for bytes. The rule is a list of validator flags, or @lines,
@exact, @white. Written from the descriptions of the rules, before and apart from compare.c.
"""
import random
import re
import sys
from fractions import Fraction

WHITE = b" \t\n\v\f\r"
NUMBER = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?\Z")
ESCAPES = {"n": 10, "t": 9, "r": 13, "v": 11, "f": 12, "0": 0, "\\": 92, "s": 32}


def unescape(text):
    out = bytearray()
    i = 0
    while i < len(text):
        c = text[i]
        if c != "\\":
            out += c.encode("utf-8")
            i += 1
        elif text[i + 1] == "x":
            out.append(int(text[i + 2:i + 4], 16))
            i += 4
        else:
            out.append(ESCAPES[text[i + 1]])
            i += 2
    return bytes(out)


def number(token):
    """(mantissa as Fraction, exponent) or None; the exponent is kept apart since it may be huge."""
    m = NUMBER.match(token)
    if m is None:
        return None
    exponent = int(m.group(1) or 0)
    mantissa = Fraction((token[:m.start(1)].rstrip(b"eE") if m.group(1) else token).decode())
    if mantissa == 0:
        return Fraction(0), 0
    if abs(exponent) > 10 ** 15:
        return None
    return mantissa, exponent


def near(want, got, abs_tolerance, rel_tolerance):
    (a, ea), (s, es) = want, got
    # exponents that differ by more than this cannot be met by mantissas of a test's length
    base = min(ea, es)
    if max(ea, es) - base > 5000:
        return near_far(want, got, abs_tolerance, rel_tolerance)
    a, s = a * Fraction(10) ** (ea - base), s * Fraction(10) ** (es - base)
    off = abs(s - a)
    if off <= rel_tolerance * abs(a):
        return True
    if abs(base) > 5000:
        return off == 0 or (abs_tolerance > 0 and base < 0)
    return off * Fraction(10) ** base <= abs_tolerance


def near_far(want, got, abs_tolerance, rel_tolerance):
    """The exponents are thousands apart: one is nothing beside the other, and sizes decide."""
    def size(x):
        return None if x[0] == 0 else x[1]

    top = max(x for x in (size(want), size(got)) if x is not None)
    if abs_tolerance > 0 and top < -4000:
        return True
    if want[0] == 0 or rel_tolerance < 1:
        return False
    return got[0] == 0 or want[1] > got[1]


def lower(token):
    return bytes(c + 32 if 65 <= c <= 90 else c for c in token)


def split(text):
    """[white, token, white, token, ..., white]"""
    return re.split(rb"([^ \t\n\v\f\r]+)", text)


def rule_of(words):
    rule = {"case": False, "space": False, "abs": None, "rel": None}
    i = 0
    while i < len(words):
        if words[i] == "case_sensitive":
            rule["case"] = True
        elif words[i] == "space_change_sensitive":
            rule["space"] = True
        else:
            i += 1
            value = Fraction(words[i])
            if words[i - 1] in ("float_absolute_tolerance", "float_tolerance"):
                rule["abs"] = value
            if words[i - 1] in ("float_relative_tolerance", "float_tolerance"):
                rule["rel"] = value
        i += 1
    return rule


def tokens(rule, want, got):
    a, b = split(want), split(got)
    if len(a[1::2]) != len(b[1::2]):
        return False
    if rule["space"] and a[0::2] != b[0::2]:
        return False
    has_float = rule["abs"] is not None or rule["rel"] is not None
    for x, y in zip(a[1::2], b[1::2]):
        if has_float and number(x) is not None:
            if number(y) is None:
                if x != y:
                    return False
            elif not near(number(x), number(y), rule["abs"] or 0, rule["rel"] or 0):
                return False
        elif (x if rule["case"] else lower(x)) != (y if rule["case"] else lower(y)):
            return False
    return True


def white(want, got):
    def lines(text):
        found = [line.split() for line in text.split(b"\n")]
        while found and not found[-1]:
            found.pop()
        return found

    return lines(want) == lines(got)


def is_same(rule, want, got):
    if rule == "@exact":
        return want == got
    if rule == "@lines":
        return want.removesuffix(b"\n") == got.removesuffix(b"\n")
    if rule == "@white":
        return white(want, got)
    return tokens(rule_of(rule.split()), want, got)


def check(path):
    n = bad = 0
    for i, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.strip() == "" or line.startswith("#"):
            continue
        rule, want, got, verdict, _reason = line.rstrip("\n").split("\t")
        n += 1
        found = "AC" if is_same(rule, unescape(want), unescape(got)) else "WA"
        if found != verdict:
            bad += 1
            print(f"{path}:{i}: says {verdict}, found {found}")
    print(f"{path}: {n} cases, {bad} differ")
    return bad == 0


def written(value, rng):
    """A decimal fraction in one of the ways that programs write it."""
    digits, places = value
    sign = "-" if digits < 0 else rng.choice(["", "", "", "+"])
    text = str(abs(digits)).rjust(max(places, 0) + 1, "0")
    whole, part = (text[:-places], text[-places:]) if places > 0 else (text, "")
    way = rng.randrange(4)
    if way == 0:
        return f"{sign}{abs(digits)}e{-places}"
    if way == 1:
        return f"{sign}{whole}.{part}" + "0" * rng.randrange(4)
    if way == 2:
        return f"{sign}{whole[0]}.{whole[1:]}{part}E+{len(whole) - 1:02d}"
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def random_cases(n, seed):
    rng = random.Random(seed)
    for _ in range(n):
        power = rng.choice([0, 3, 6, 9, 12])
        size = rng.choice([1, 6, 15, 18, 25, 40])
        a = rng.randrange(-10 ** size, 10 ** size)
        places = rng.choice([0, 1, size // 2, size])
        is_rel = rng.random() < 0.5 and a != 0
        # the exact border, or one unit in a far place beside it
        border = abs(a) if is_rel else 10 ** places
        scale = power + 1
        step = rng.choice([-1, 0, 0, 1])
        s = a * 10 ** scale + rng.choice([-1, 1]) * (border * 10 ** (scale - power) + step)
        flag = "float_relative_tolerance" if is_rel else "float_absolute_tolerance"
        rule = f"{flag} 1e-{power}"
        want, got = written((a, places), rng), written((s, places + scale), rng)
        verdict = "AC" if is_same(rule, want.encode(), got.encode()) else "WA"
        print(f"{rule}\t{want}\t{got}\t{verdict}\tborder {step:+d}")


def main():
    if sys.argv[1] == "check":
        sys.exit(not all([check(path) for path in sys.argv[2:]]))
    random_cases(int(sys.argv[2]), int(sys.argv[3]))


main()
