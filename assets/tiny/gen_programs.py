"""Programming problems of the tiny model: a statement, a short plan, a program in C++ or Python.

Each problem is built from a few parts (which numbers count, what is done with them, how it is
printed). The taught program is assembled from text; the expected output of a test is computed by
an independent Python function (`reference`) that works on the parsed input, never by the taught
program. gen.py runs a sample of the taught programs on their tests to see that both agree.

A problem is a dict {kind, language, problem, plan, code, reference, shape}; `shape` says how test
inputs are made: ("ints", least n, interesting values) or ("line", interesting letters).
"""

import hashlib
import string

INTS = ["Read n, then n integers.", "The input is n followed by n integers.", "You are given n and then n integers."]
LINE = ["Read one line of text.", "The input is a line of text.", "You are given a line of text."]


def phrase(choices, content):
    return choices[hashlib.sha256(content.encode()).digest()[1] % len(choices)]


# -------------------------------------------------------------------------------- program texts

def cpp(body, includes=("iostream",)):
    head = "".join(f"#include <{name}>\n" for name in includes)
    lines = "".join("    " + line + "\n" for line in body)
    return f"{head}using namespace std;\nint main() {{\n{lines}}}"


def cpp_loop(declare, inner, after=()):
    body = [declare, "cin >> n;", "while (n--) {", "    cin >> x;"]
    return cpp(body + ["    " + line for line in inner] + ["}"] + list(after))


PY_READ = "n = int(input())\na = list(map(int, input().split()))\n"


def make(kind, language, opening, task, plan, programs, reference, shape):
    problem = phrase(opening, kind + task) + " " + task
    return {"kind": kind, "language": language, "problem": problem, "plan": plan,
            "code": programs[language], "reference": reference, "shape": shape}


# ---------------------------------------------------------------- numbers that meet a condition

def condition(rng):
    """(words, C++ test, Python test, predicate, interesting values)"""
    k = rng.randint(1, 99)
    which = rng.randint(0, 11)
    simple = [("greater than", ">", lambda x: x > k), ("less than", "<", lambda x: x < k),
              ("at least", ">=", lambda x: x >= k), ("at most", "<=", lambda x: x <= k),
              ("equal to", "==", lambda x: x == k), ("different from", "!=", lambda x: x != k)]
    if which < 6:
        words, op, test = simple[which]
        return f"{words} {k}", f"x {op} {k}", f"x {op} {k}", test, [k, k + 1, k - 1]
    if which < 9:
        d = rng.randint(2, 30)
        if which == 8:
            return f"not divisible by {d}", f"x % {d} != 0", f"x % {d} != 0", lambda x: x % d != 0, [d, 3 * d, -d]
        return f"divisible by {d}", f"x % {d} == 0", f"x % {d} == 0", lambda x: x % d == 0, [d, 3 * d, -d]
    if which == 9:
        words, test, holds = rng.choice([("even", "x % 2 == 0", lambda x: x % 2 == 0),
                                         ("odd", "x % 2 != 0", lambda x: x % 2 == 1),
                                         ("positive", "x > 0", lambda x: x > 0),
                                         ("negative", "x < 0", lambda x: x < 0)])
        return words, test, test, holds, [0, 1, -1, 2, -2]
    low, high = sorted(rng.sample(range(1, 60), 2))
    return (f"between {low} and {high} inclusive", f"x >= {low} && x <= {high}", f"{low} <= x <= {high}",
            lambda x: low <= x <= high, [low, high, low - 1, high + 1])


def select(rng, language):
    words, c, p, holds, values = condition(rng)
    shape = ("ints", 1, values)
    how = rng.randint(0, 3)
    if how == 0:
        programs = {"cpp": cpp_loop("long long n, x, s = 0;", [f"if ({c}) s += x;"], ["cout << s << endl;"]),
                    "python": PY_READ + f"print(sum(x for x in a if {p}))"}
        return make("sum", language, INTS, f"Print the sum of the numbers that are {words}.",
                    f"Add x when {c if language == 'cpp' else p}.", programs,
                    lambda a: [sum(filter(holds, a))], shape)
    if how == 1:
        programs = {"cpp": cpp_loop("long long n, x, k = 0;", [f"if ({c}) k++;"], ["cout << k << endl;"]),
                    "python": PY_READ + f"print(sum(1 for x in a if {p}))"}
        return make("count", language, INTS, f"Print how many of the numbers are {words}.",
                    f"Count x when {c if language == 'cpp' else p}.", programs,
                    lambda a: [len(list(filter(holds, a)))], shape)
    if how == 2:
        programs = {"cpp": cpp_loop("long long n, x;", [f"if ({c}) cout << x << endl;"]),
                    "python": PY_READ + f"for x in a:\n    if {p}:\n        print(x)"}
        return make("filter", language, INTS, f"Print the numbers that are {words}, one per line.",
                    f"Print x when {c if language == 'cpp' else p}.", programs,
                    lambda a: list(filter(holds, a)), shape)
    programs = {"cpp": cpp_loop("long long n, x, s = 0;", [f"if ({c}) s += x * x;"], ["cout << s << endl;"]),
                "python": PY_READ + f"print(sum(x * x for x in a if {p}))"}
    return make("squares", language, INTS, f"Print the sum of the squares of the numbers that are {words}.",
                f"Add x * x when {c if language == 'cpp' else p}.", programs,
                lambda a: [sum(x * x for x in a if holds(x))], ("ints", 1, values, 10000))


# ------------------------------------------------------------------------- one number, or every

def change(rng):
    """(words, code suffix, function): what is done to a number before it is printed."""
    k = rng.randint(2, 60)
    return rng.choice([(f"plus {k}", f" + {k}", lambda x: x + k), (f"minus {k}", f" - {k}", lambda x: x - k),
                       (f"times {k}", f" * {k}", lambda x: x * k)])


def extreme(rng, language):
    words, code, apply = change(rng)
    name, op, pick, function = rng.choice([("largest", ">", max, "max"), ("smallest", "<", min, "min")])
    body = ["long long n, x, m;", "cin >> n >> m;", "while (--n) {", "    cin >> x;",
            f"    if (x {op} m) m = x;", "}", f"cout << m{code} << endl;"]
    programs = {"cpp": cpp(body), "python": PY_READ + f"print({function}(a){code})"}
    return make(function, language, INTS, f"Print the {name} number {words}.",
                f"Find the {name} m, print m{code}.", programs, lambda a: [apply(pick(a))], ("ints", 1, [0]))


def total(rng, language):
    words, code, apply = change(rng)
    programs = {"cpp": cpp_loop("long long n, x, s = 0;", ["s += x;"], [f"cout << s{code} << endl;"]),
                "python": PY_READ + f"print(sum(a){code})"}
    return make("total", language, INTS, f"Print the sum of the numbers {words}.",
                f"Add every x to s, print s{code}.", programs, lambda a: [apply(sum(a))], ("ints", 1, [0]))


def each(rng, language):
    words, code, apply = change(rng)
    programs = {"cpp": cpp_loop("long long n, x;", [f"cout << x{code} << endl;"]),
                "python": PY_READ + f"for x in a:\n    print(x{code})"}
    return make("map", language, INTS, f"Print each number {words}, one per line.",
                f"Print x{code} for every x.", programs, lambda a: [apply(x) for x in a], ("ints", 1, [0]))


def prefix(rng, language):
    k = rng.randint(1, 99)
    if rng.random() < 0.5:
        programs = {"cpp": cpp_loop(f"long long n, x, s = {k};", ["s += x;", "cout << s << endl;"]),
                    "python": PY_READ + f"s = {k}\nfor x in a:\n    s += x\n    print(s)"}
        return make("prefix", language, INTS,
                    f"Start with {k}, add the numbers one by one and print the total after each one.",
                    f"Start s = {k}, add x, print s.", programs,
                    lambda a: [k + sum(a[: i + 1]) for i in range(len(a))], ("ints", 1, [0]))
    words, code, apply = change(rng)
    programs = {"cpp": cpp_loop("long long n, x, s = 0;", ["s += x;", f"cout << s{code} << endl;"]),
                "python": PY_READ + f"s = 0\nfor x in a:\n    s += x\n    print(s{code})"}
    return make("prefix", language, INTS, f"Print each prefix sum {words}, one per line.",
                f"Add x to s, print s{code}.", programs,
                lambda a: [apply(sum(a[: i + 1])) for i in range(len(a))], ("ints", 1, [0]))


# -------------------------------------------------------------------------------------- sorting

CPP_SORT = ["int n;", "cin >> n;", "vector<long long> a(n);", "for (auto &x : a) cin >> x;"]
SORT_INCLUDES = ("algorithm", "iostream", "vector")


def sort(rng, language):
    up = rng.random() < 0.5
    order = "ascending" if up else "descending"
    cpp_line = "sort(a.begin(), a.end());" if up else "sort(a.rbegin(), a.rend());"
    py_line = "a.sort()\n" if up else "a.sort(reverse=True)\n"
    k = rng.randint(1, 12)
    how = rng.randint(0, 2)
    if how == 0:
        words, code, apply = change(rng)
        programs = {"cpp": cpp(CPP_SORT + [cpp_line, f"for (auto x : a) cout << x{code} << endl;"], SORT_INCLUDES),
                    "python": PY_READ + py_line + f"for x in a:\n    print(x{code})"}
        return make("sort", language, INTS, f"Sort the numbers in {order} order and print each one {words}.",
                    f"Sort {order}, print x{code}.", programs,
                    lambda a: [apply(x) for x in sorted(a, reverse=not up)], ("ints", 1, [0]))
    if how == 1:
        programs = {"cpp": cpp(CPP_SORT + [cpp_line, f"for (int i = 0; i < {k}; i++) cout << a[i] << endl;"], SORT_INCLUDES),
                    "python": PY_READ + py_line + f"for x in a[:{k}]:\n    print(x)"}
        return make("sort", language, INTS,
                    f"Sort the numbers in {order} order and print the first {k} of them. n is at least {k}.",
                    f"Sort {order}, print the first {k}.", programs,
                    lambda a: sorted(a, reverse=not up)[:k], ("ints", k, [0]))
    words, code, apply = change(rng)
    programs = {"cpp": cpp(CPP_SORT + [cpp_line, f"cout << a[{k - 1}]{code} << endl;"], SORT_INCLUDES),
                "python": PY_READ + py_line + f"print(a[{k - 1}]{code})"}
    return make("sort", language, INTS,
                f"Sort the numbers in {order} order and print number {k} of them {words}. n is at least {k}.",
                f"Sort {order}, index {k} - 1 = {k - 1}, print a[{k - 1}]{code}.", programs,
                lambda a: [apply(sorted(a, reverse=not up)[k - 1])], ("ints", k, [0]))


# ------------------------------------------------------------------------------------------ text

def cpp_text(*body):
    return cpp(["string s;", "getline(cin, s);", *body], ("iostream", "string"))


def text(rng, language):
    c, d = rng.sample(string.ascii_lowercase, 2)
    k = rng.randint(2, 60)
    how = rng.randint(0, 4)
    if how == 0:
        words, code, apply = change(rng)
        programs = {"cpp": cpp_text("int k = 0;", f"for (char c : s) if (c == '{c}') k++;", f"cout << k{code} << endl;"),
                    "python": f"s = input()\nprint(s.count('{c}'){code})"}
        return make("letters", language, LINE, f"Count the letter {c} and print the count {words}.",
                    f"Count {c}, print the count{code}.", programs,
                    lambda s: [apply(sum(ch == c for ch in s))], ("line", [c]))
    if how == 1:
        programs = {"cpp": cpp_text(f"for (char c : s) if (c != '{c}') cout << c;", "cout << endl;"),
                    "python": f"s = input()\nprint(s.replace('{c}', ''))"}
        return make("remove", language, LINE, f"Print it without the letter {c}.", f"Skip every {c}.", programs,
                    lambda s: ["".join(ch for ch in s if ch != c)], ("line", [c]))
    if how == 2:
        programs = {"cpp": cpp_text(f"for (char &c : s) if (c == '{c}') c = '{d}';", "cout << s << endl;"),
                    "python": f"s = input()\nprint(s.replace('{c}', '{d}'))"}
        return make("replace", language, LINE, f"Print it with every {c} replaced by {d}.",
                    f"Change {c} to {d}.", programs,
                    lambda s: ["".join(d if ch == c else ch for ch in s)], ("line", [c, d]))
    if how == 3:
        programs = {"cpp": cpp_text("for (int i = s.size() - 1; i >= 0; i--) cout << s[i];", f"cout << '{c}' << endl;"),
                    "python": f"s = input()\nprint(s[::-1] + '{c}')"}
        return make("reverse", language, LINE, f"Print it reversed, followed by the letter {c}.",
                    f"Reverse, then {c}.", programs, lambda s: ["".join(reversed(s)) + c], ("line", [c]))
    programs = {"cpp": cpp_text(f"cout << s.substr(0, {k}) << endl;"), "python": f"s = input()\nprint(s[:{k}])"}
    return make("start", language, LINE, f"Print its first {k} characters, or all of it if it is shorter.",
                f"Take the first {k}.", programs, lambda s: [s[:k]], ("line", [c]))


MAKERS = [select, select, select, extreme, total, each, prefix, sort, sort, text, text]
LANGUAGE_NAMES = {"cpp": "C++", "python": "Python"}


TRAINED = MAKERS + [text] * 5  # letters are the hardest thing to copy


def program(rng):
    return rng.choice(TRAINED)(rng, rng.choice(["cpp", "python"]))


# ----------------------------------------------------------------------------------------- tests

def ints_input(rng, shape, i):
    least, values = shape[1], shape[2]
    bound = shape[3] if len(shape) > 3 else 10**9
    n = least if i == 0 else least + rng.randint(2, 8)
    spread = [20, 20, 100, 100, bound, 5, 1000, bound][i % 8]
    a = [rng.choice(values) if i and rng.random() < 0.3 else rng.randint(-spread, spread) for _ in range(n)]
    if i == 5:
        a = [-abs(x) for x in a]
    return f"{n}\n{' '.join(map(str, a))}\n", a


def line_input(rng, shape, i):
    letters = shape[1] + rng.sample(string.ascii_lowercase, 3)
    n = [0, 1, 3, 7, 12, 20, 40, 70][i % 8]
    s = "".join(rng.choice(letters) for _ in range(n))
    if i in (4, 6):
        s = s[: n // 2] + " " + s[n // 2 :]
    if i == 3:
        s = shape[1][0] * n
    return s + "\n", s


def tests_of(item, rng, n=7):
    """n hidden tests: smallest n first, then mixed, all negative, and values near 10^9."""
    make_input = ints_input if item["shape"][0] == "ints" else line_input
    tests = []
    for i in range(n):
        text_in, parsed = make_input(rng, item["shape"], i)
        tests.append({"in": text_in, "out": "".join(f"{v}\n" for v in item["reference"](parsed))})
    return tests


def completion(item):
    return f"{item['plan']}</think>```{item['language']}\n{item['code']}\n```"


def prompt(item):
    return f"{item['problem']}\nWrite a {LANGUAGE_NAMES[item['language']]} program."
