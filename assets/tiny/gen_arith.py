"""Arithmetic problems of the tiny model: each has a statement, a worked solution and an exact answer.

Four kinds. Every one has a method that a model of a few million parameters can carry out one small
step at a time, because the steps are what it is trained to write between <think> and </think>:

  expression   + - * with parentheses: reduce one operation, write the shorter expression, repeat
  remainder    long division from the left: carry the remainder to the next digit
  gcd          Euclid's algorithm, one division a line
  equation     a*x + b = c: move b, divide by a, reduce the fraction when x is not whole

A problem is a dict {kind, problem, think, answer}. The wording is chosen by a hash of the content,
so two problems never differ in wording alone and the train/test split cannot leak through phrasing.
"""

import hashlib
import math

WORDING = {
    "expression": ["Compute {}.", "What is {}?", "Evaluate {}."],
    "remainder": ["What is the remainder when {} is divided by {}?", "Find the remainder of {} divided by {}."],
    "gcd": ["Find the greatest common divisor of {} and {}.", "What is the gcd of {} and {}?"],
    "equation": ["Solve for x: {}.", "Find x if {}."],
}


def wording(kind, content, choices=None):
    choices = choices or WORDING[kind]
    digest = hashlib.sha256((kind + "|" + content).encode()).digest()
    return choices[digest[1] % len(choices)]


# ---------------------------------------------------------------------------------- expressions

def plain_text(a, op, b):
    """a+b, or a-b that is not negative, digit by digit from the ones: 36+38:4,7=74."""
    value = a + b if op == "+" else a - b
    return f"{a}{op}{b}:{','.join(reversed(str(value)))}={value}"


def signed_lines(a, op, b):
    """The lines that compute a+b or a-b, b not negative: signs are set apart from digits."""
    value = a + b if op == "+" else a - b
    if a >= 0 and value >= 0:
        return [plain_text(a, op, b)]
    if a < 0 and op == "-":
        work = plain_text(-a, "+", b)
    else:
        work = plain_text(max(abs(a), b), "-", min(abs(a), b))
    return [work, f"{a}{op}{b}={value}"]


def find_operation(tokens):
    """Index of the left operand of the next operation: parentheses, then *, then left to right."""
    for i, token in enumerate(tokens):
        if token == "(":
            return i + 1
    for i, token in enumerate(tokens):
        if token == "*":
            return i - 1
    return 0


def reduce_once(tokens):
    """One operation done: (lines that show it, value, the shorter token list, the operation)."""
    i = find_operation(tokens)
    a, op, b = tokens[i : i + 3]
    value = {"+": a + b, "-": a - b, "*": a * b}[op]
    lines = [f"{a}*{b}={value}"] if op == "*" else signed_lines(a, op, b)
    if i > 0 and tokens[i - 1] == "(":
        return lines, value, tokens[: i - 1] + [value] + tokens[i + 4 :], (a, op, b)
    return lines, value, tokens[:i] + [value] + tokens[i + 3 :], (a, op, b)


def is_small(step, value, is_last):
    a, op, b = step
    if op == "*":
        return min(a, b) <= 9 and max(a, b) <= 10
    return value <= 100 and (value >= 0 or is_last)


def work_out(tokens):
    """The whole solution, or None when a number on the way is too large or negative."""
    lines = []
    while len(tokens) > 1:
        if len(tokens) > 3:
            if lines:
                lines.append("".join(map(str, tokens)))
        new, value, tokens, step = reduce_once(tokens)
        if not is_small(step, value, len(tokens) == 1):
            return None
        lines += new
    return lines, tokens[0]


def random_tokens(rng):
    n = rng.choice([2, 2, 3, 3, 3, 4])
    ops = [rng.choice("++--**") for _ in range(n - 1)]
    near_times = [(i > 0 and ops[i - 1] == "*") or (i < n - 1 and ops[i] == "*") for i in range(n)]
    values = [rng.randint(2, 9) if near_times[i] else rng.randint(1, 20) for i in range(n)]
    tokens = [values[0]]
    for op, value in zip(ops, values[1:]):
        tokens += [op, value]
    if n > 2 and rng.random() < 0.45:
        i = 2 * rng.randint(0, n - 2)
        tokens = tokens[:i] + ["("] + tokens[i : i + 3] + [")"] + tokens[i + 3 :]
    return tokens


def needs_parentheses(tokens):
    """Parentheses around a product, or around the first sum of a chain, say nothing: leave them out."""
    if "(" not in tokens:
        return True
    i = tokens.index("(")
    inner, before, after = tokens[i + 2], tokens[i - 1 : i], tokens[i + 5 : i + 6]
    return inner != "*" and (before in (["*"], ["-"]) or after == ["*"])


def expression(rng):
    while True:
        tokens = random_tokens(rng)
        worked = work_out(tokens) if needs_parentheses(tokens) else None
        if worked is None:
            continue
        text = "".join(map(str, tokens))
        problem = wording("expression", text).format(text)
        return {"kind": "expression", "problem": problem, "think": "\n".join(worked[0]), "answer": str(worked[1])}


# -------------------------------------------------------------------- remainder, gcd, equation

def remainder(rng):
    b = rng.randint(3, 9)
    a = rng.randint(20, rng.choice([99, 999, 999]))
    lines, rest = [], 0
    for digit in str(a):
        part = rest * 10 + int(digit)
        rest = part % b
        lines.append(f"{part}={b}*{part // b}+{rest}")
    problem = wording("remainder", f"{a},{b}").format(a, b)
    return {"kind": "remainder", "problem": problem, "think": "\n".join(lines), "answer": str(rest)}


def gcd(rng):
    while True:
        g = rng.choice([1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
        a, b = g * rng.randint(1, 40 // g), g * rng.randint(1, 40 // g)
        if a > b > 1:
            break
    x, y, lines = a, b, []
    while y:
        lines.append(f"{x}={y}*{x // y}+{x % y}")
        x, y = y, x % y
    a, b = (a, b) if rng.random() < 0.5 else (b, a)
    if a < b:
        lines.insert(0, f"{b}>{a}")
    problem = wording("gcd", f"{min(a, b)},{max(a, b)}").format(a, b)
    return {"kind": "gcd", "problem": problem, "think": "\n".join(lines), "answer": str(x)}


def fraction_text(top, bottom):
    g = math.gcd(top, bottom)
    top, bottom = top // g, bottom // g
    return str(top) if bottom == 1 else f"{top}/{bottom}"


def equation(rng):
    a = rng.randint(2, 9)
    b = rng.choice([-1, 1]) * rng.randint(1, 10)
    right = a * rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9]) if rng.random() < 0.85 else rng.randint(-9, 20)
    if right == 0:
        right = a
    c = right + b
    text = f"{a}x{b:+d}={c}"
    lines = signed_lines(c, "-" if b > 0 else "+", abs(b)) + [f"{a}x={right}", f"x={right}/{a}"]
    answer = fraction_text(right, a)
    if answer != f"{right}/{a}":
        lines[-1] += f"={answer}"
    problem = wording("equation", text).format(text)
    return {"kind": "equation", "problem": problem, "think": "\n".join(lines), "answer": answer}


KINDS = {"expression": expression, "remainder": remainder, "gcd": gcd, "equation": equation}
SHARES = {"expression": 4, "remainder": 2, "gcd": 2, "equation": 2}  # of the suite, times 20
TRAIN_SHARES = {"expression": 5, "remainder": 2, "gcd": 2, "equation": 3}


def completion(item):
    return f"{item['think']}</think>The answer is \\boxed{{{item['answer']}}}."


def prompt(item):
    return item["problem"] + "\nPut your final answer in \\boxed{}."
