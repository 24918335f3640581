#!/usr/bin/env python3
"""Labels of tests/golden/answers/*.jsonl against a second, hand-written form of both sides.

    python -m venv ref && ref/bin/pip install mpmath      (1.3.0 was used)
    ref/bin/python tests/reference/answers_check.py [ID...]

tests/reference/answers_py.jsonl gives rows of numbers, functions, collections of them, sets of reals and equations a
form in Python's syntax, written by hand beside the text: {"id", "py_gold", "py_pred"}. Nothing here reads LaTeX and
nothing of podium is used, so a label that is wrong, or an answer whose text says something else than its author
believed, has two chances to be seen: here, and where podium's verdict contradicts the label.

What a pair of forms is decides how it is compared:
  numbers        400 digits, or "digits"; the same to 60 % of them is equal (nothing here comes so close otherwise)
  with letters   at points: n, k, m, p whole, others real of both signs, or as "vars" says: pos, big (2 to 5), real, int.
                 Equal must agree wherever both sides are finite, different must be seen apart at one point
  [a, b], {a, b} in order, as a set
  conditions     at a grid of points, at every number that occurs in them, and between
  "mode": "proportional"   left side minus right side of equations: one constant factor at all points

The numbers in the forms are exact: 1/3 is a third and 0.1 a tenth. The forms are parsed, and only the names below are
known; nothing is evaluated as code.
"""

import ast
import glob
import itertools
import json
import os
import random
import sys

from mpmath import mp

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DIGITS = 400


def cbrt(x):
    return -mp.cbrt(-x) if mp.im(x) == 0 and mp.re(x) < 0 else mp.cbrt(x)


def total(step, start):
    def over(body, first, last):
        out, k = mp.mpf(start), int(first)
        while k <= last:
            out = step(out, body(mp.mpf(k)))
            k += 1
        return out

    return over


NAMES = {
    "pi": mp.pi, "e": mp.e, "I": mp.mpc(0, 1), "cbrt": cbrt, "sqrt": mp.sqrt, "root": lambda x, n: mp.root(x, int(n)),
    "exp": mp.exp, "ln": mp.ln, "log": lambda x, b: mp.ln(x) / mp.ln(b), "abs": abs, "floor": mp.floor, "ceil": mp.ceil,
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "sinh": mp.sinh,
    "cosh": mp.cosh, "tanh": mp.tanh, "asinh": mp.asinh, "fac": mp.factorial, "ffac": mp.fac2,
    "binom": lambda n, k: mp.mpf(0) if k < 0 or k > n else mp.factorial(n) / mp.factorial(k) / mp.factorial(n - k),
    "S": total(lambda a, b: a + b, 0), "P": total(lambda a, b: a * b, 1),
}
BINARY = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b, ast.Pow: lambda a, b: a**b,
}
ORDER = {
    ast.Lt: lambda a, b: a < b, ast.LtE: lambda a, b: a < b or same(a, b), ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a > b or same(a, b), ast.Eq: lambda a, b: same(a, b), ast.NotEq: lambda a, b: not same(a, b),
}


class Unordered(list):
    """The members of a set."""


def value(node, at):
    """The value of a parsed form where the letters are as in `at`."""
    if isinstance(node, ast.Constant):
        return mp.mpf(str(node.value))
    if isinstance(node, ast.Name):
        return at[node.id] if node.id in at else NAMES[node.id]
    if isinstance(node, ast.UnaryOp):
        v = value(node.operand, at)
        return not v if isinstance(node.op, ast.Not) else -v
    if isinstance(node, ast.BinOp):
        return BINARY[type(node.op)](value(node.left, at), value(node.right, at))
    if isinstance(node, (ast.List, ast.Tuple)):
        return [value(m, at) for m in node.elts]
    if isinstance(node, ast.Set):
        return Unordered(value(m, at) for m in node.elts)
    if isinstance(node, ast.Call):
        return value(node.func, at)(*[value(a, at) for a in node.args])
    if isinstance(node, ast.Lambda):
        return lambda k: value(node.body, {**at, node.args.args[0].arg: k})
    if isinstance(node, ast.BoolOp):
        parts = [value(v, at) for v in node.values]
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    sides = [value(s, at) for s in [node.left] + node.comparators]
    return all(ORDER[type(op)](*pair) for op, pair in zip(node.ops, zip(sides, sides[1:])))


def same(a, b):
    if isinstance(a, list) != isinstance(b, list):
        return False
    if isinstance(a, Unordered) != isinstance(b, Unordered):
        return False
    if isinstance(a, Unordered):
        return all(any(same(x, y) for y in b) for x in a) and all(any(same(x, y) for x in a) for y in b)
    if isinstance(a, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    size = max(abs(a), abs(b))
    is_crumb = size < mp.mpf(10) ** (-mp.dps * 9 // 10)  # what sums that cancel leave
    return is_crumb or abs(a - b) <= mp.mpf(10) ** (-mp.dps * 6 // 10) * size


def letters(tree):
    bound = {a.arg for n in ast.walk(tree) if isinstance(n, ast.Lambda) for a in n.args.args}
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - set(NAMES) - bound


def numbers(tree):
    """Constants and quotients and roots of them: where a condition may change."""
    found = {mp.mpf(0)}
    for n in ast.walk(tree):
        if isinstance(n, (ast.Constant, ast.BinOp, ast.Call)) and not letters(n) and not isinstance(n, ast.Compare):
            v = value(n, {})
            if not isinstance(v, (bool, list)) and mp.im(v) == 0:
                found |= {mp.re(v), -mp.re(v)}
    return found


def draw(how, rng):
    if how == "int":
        return mp.mpf(rng.randint(1, 12))
    low, high = {"pos": (0.2, 4), "big": (2, 5), "real": (-3, 4)}[how]
    return mp.mpf(rng.randint(int(low * 10**9), int(high * 10**9))) / 10**9


def points(names, row, trees, is_condition):
    rng = random.Random(row["id"])
    if is_condition and len(names) == 1:
        marks = sorted(set.union(*[numbers(t) for t in trees]) | {mp.mpf(k) / 8 for k in range(-48, 49)})
        marks += [(a + b) / 2 for a, b in zip(marks, marks[1:])] + [mp.mpf(10) ** 9, mp.mpf(-(10**9))]
        return [{n: m for n in names} for m in marks]
    if is_condition:
        some = [mp.mpf(k) / 2 for k in range(-6, 11)]
        return [dict(zip(names, p)) for p in itertools.islice(itertools.product(some, repeat=len(names)), 5000)]
    how = {n: row.get("vars", {}).get(n, "int" if n in "nkmp" else "real") for n in names}
    return [{n: draw(how[n], rng) for n in names} for _ in range(24 if names else 1)]


def is_finite(v):
    if isinstance(v, list):
        return all(is_finite(m) for m in v)
    return isinstance(v, bool) or mp.isfinite(v)


def pairs_of_values(row):
    trees = [ast.parse(row[side], mode="eval").body for side in ("py_gold", "py_pred")]
    names = sorted(set.union(*[letters(t) for t in trees]))
    is_condition = any(isinstance(t, (ast.Compare, ast.BoolOp)) for t in trees)
    for at in points(names, row, trees, is_condition):
        try:
            pair = [value(t, at) for t in trees]
        except (ZeroDivisionError, ValueError):
            continue
        if is_finite(pair[0]) and is_finite(pair[1]):
            yield pair


def verdict(row):
    mp.dps = row.get("digits", DIGITS)
    seen = list(pairs_of_values(row))
    if not seen:
        return "no point"
    if row.get("mode") == "proportional":
        base = next((p for p in seen if not same(p[0], mp.mpf(0))), None)
        if base is None:
            return "no point"
        return "equal" if all(same(p[0] * base[1], p[1] * base[0]) for p in seen) else "different"
    return "equal" if all(same(a, b) for a, b in seen) else "different"


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def main():
    rows = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/golden/answers/*.jsonl"))):
        for row in read(path):
            if "source" in row and "pred" in row:  # the others are about extraction or policies
                assert row["id"] not in rows, row["id"]
                rows[row["id"]] = row
    forms = [f for f in read(os.path.join(ROOT, "tests/reference/answers_py.jsonl"))
             if len(sys.argv) < 2 or f["id"] in sys.argv[1:]]
    n_wrong = 0
    for form in forms:
        row = rows[form["id"]]
        got = verdict(form)
        if got != row["equal"]:
            n_wrong += 1
            print(f"{row['id']}: {got}, labelled {row['equal']}: {row['gold']}  |  {row['pred']}")
    print(f"{len(rows)} rows, {len(forms)} with a second form, {n_wrong} labels contradicted")
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
