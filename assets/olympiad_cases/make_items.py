#!/usr/bin/env python3
"""Rebuilds the suites stdio/ and calls/: python3 make_items.py

Every input is written out or drawn from a seeded generator of its own (no library generator whose
sequence may change with the version), and every answer is worked out here, by a plain method that
none of the solutions in solutions/ shares line for line. Run twice, it writes the same bytes; it
also refreshes the hashes in the definitions."""
import bisect
import hashlib
import json
import math
import os

HERE = os.path.dirname(os.path.abspath(__file__))


class Draw:
    """Numbers from a 64-bit linear congruence; the high bits only."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]


def lines(*rows):
    """One line a row; a row that is a list is written with spaces."""
    return "".join((r if isinstance(r, str) else " ".join(map(str, r))) + "\n" for r in rows)


def checker(name, protocol):
    with open(os.path.join(HERE, "stdio", "checkers", name), encoding="utf-8") as f:
        return {"language": "cpp", "protocol": protocol, "source": f.read()}


# --- stdio: planks ---------------------------------------------------------------------------

PLANKS = """A fence of n metres is built from planks laid end to end. Planks come in k different \
lengths, and there are as many of each as anybody wants. Two fences are different when their \
plank lengths, read from left to right, are different. The input has n and k (1 <= n <= 5000, \
1 <= k <= 20) on the first line and the k different lengths (each from 1 to 5000) on the second. \
Print two numbers: how many different fences of exactly n metres there are, modulo 1000000007, \
and the smallest number of planks in such a fence. If there is no such fence print 0 and -1."""


def planks(n, lengths):
    ways, least = [1], [0]
    for i in range(1, n + 1):
        before = [i - x for x in lengths if x <= i]
        ways.append(sum(ways[j] for j in before) % 1000000007)
        least.append(min((least[j] + 1 for j in before), default=math.inf))
    possible = least[n] < math.inf
    return {"in": lines([n, len(lengths)], lengths),
            "out": lines([ways[n], least[n]] if possible else [0, -1])}


def planks_item():
    draw = Draw(11)
    many = sorted({draw.between(30, 400) for _ in range(40)})[:20]
    draw.shuffle(many)
    tests = [planks(5, [1, 2]), planks(1, [1]), planks(7, [2, 4]), planks(12, [1, 6, 9]),
             planks(3, [4, 1]), planks(50, [1, 3, 2]), planks(4999, [2, 4]), planks(5000, many),
             planks(5000, [1, 2, 5, 5000])]
    return {"id": "stdio-planks", "kind": "tokens", "language": "cpp", "problem": PLANKS,
            "compare": "tokens", "tests": tests}


# --- stdio: sign -----------------------------------------------------------------------------

SIGN = """Draw a sign. The first line of the input has two numbers, the width w (1 <= w <= 60) and \
the number k of lines of text (1 <= k <= 20). Each of the next k lines has at most w characters, \
neither starts nor ends with a space, and may be empty; between words there may be several spaces, \
and they must be kept. The sign starts and ends with a border: a plus, w + 2 minus signs, a plus. \
Between the borders each line of text stands, centred in w columns, between "| " and " |"; when \
the free columns cannot be shared evenly the right side gets one more. Every character counts, \
spaces too."""


def sign(width, text):
    border = "+" + "-" * (width + 2) + "+"
    rows = [border]
    for row in text:
        left = (width - len(row)) // 2
        rows.append("| " + " " * left + row + " " * (width - len(row) - left) + " |")
    return {"in": lines([width, len(text)], *text), "out": lines(*rows, border)}


def sign_item():
    tests = [sign(9, ["OPEN", "all day"]), sign(1, ["x"]), sign(5, ["ab", "abc", "abcd", "abcde"]),
             sign(12, ["two  gaps", "a   b  c"]), sign(7, ["", "middle", ""]),
             sign(60, ["wide", "|", "+--+", "\\ and \"quotes\"", "z" * 60, "1 2 3 4 5 6 7 8 9"]),
             sign(3, ["." * (i % 4) for i in range(20)])]
    return {"id": "stdio-sign", "kind": "lines", "language": "python", "problem": SIGN,
            "compare": "lines", "tests": tests}


# --- stdio: circle ---------------------------------------------------------------------------

CIRCLE = """A goat shall reach each of n tufts of grass, and its rope shall be as short as \
possible. The input has n (1 <= n <= 200) and then n lines with the coordinates of the tufts, \
whole numbers from -10000 to 10000; several tufts may stand at the same place. Print three \
numbers: the two coordinates of the place where the rope must be tied to the ground, and the \
length of the rope. Each number may be off by 0.000001, absolutely or relative to the right one."""


def circle_through(p, q, r):
    ax, ay, bx, by = q[0] - p[0], q[1] - p[1], r[0] - p[0], r[1] - p[1]
    d = 2 * (ax * by - ay * bx)
    if d == 0:
        return None
    x = (by * (ax * ax + ay * ay) - ay * (bx * bx + by * by)) / d
    y = (ax * (bx * bx + by * by) - bx * (ax * ax + ay * ay)) / d
    return p[0] + x, p[1] + y, math.hypot(x, y)


def circle_of(points):
    """Takes in the farthest point outside until there is none, from the best of the few sets."""
    few = [points[0]]
    while True:
        best = None
        options = [(p[0], p[1], 0.0) for p in few]
        for i, p in enumerate(few):
            for j, q in enumerate(few[:i]):
                options.append(((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, math.dist(p, q) / 2))
                options += [c for r in few[:j] if (c := circle_through(p, q, r))]
        for c in options:
            if all(math.dist(c[:2], p) <= c[2] + 1e-7 for p in few) and (
                    best is None or c[2] < best[2]):
                best = c
        far = max(points, key=lambda p: math.dist(best[:2], p))
        if math.dist(best[:2], far) <= best[2] + 1e-7:
            return best
        few.append(far)


def circle(points):
    x, y, r = circle_of(points)
    return {"in": lines([len(points)], *map(list, points)),
            "out": "%.9f %.9f %.9f\n" % (round(x, 9) + 0.0, round(y, 9) + 0.0, r)}


def circle_item():
    draw = Draw(33)
    ring = [(round(5000 * math.cos(i * 0.37)), round(5000 * math.sin(i * 0.37))) for i in range(90)]
    cloud = [(draw.between(-10000, 10000), draw.between(-10000, 10000)) for _ in range(200)]
    slope = [(3 * i - 700, 2 * i + 11) for i in range(150)]
    draw.shuffle(ring)
    draw.shuffle(slope)
    tests = [circle([(0, 0), (4, 0), (0, 3)]), circle([(7, -2)]), circle([(5, 5)] * 3),
             circle([(0, 0), (1, 0)]), circle([(0, 0), (10, 1), (5, 8)]), circle(slope),
             circle(ring), circle(cloud),
             circle([(-10000, -10000), (10000, 9999), (10000, 10000), (9999, 10000)])]
    return {"id": "stdio-circle", "kind": "float", "language": "python", "problem": CIRCLE,
            "compare": {"mode": "tokens", "float_abs": 1e-6, "float_rel": 1e-6}, "tests": tests}


# --- stdio: order ----------------------------------------------------------------------------

ORDER = """A house has n tasks left, numbered from 1, and m pairs say that one task can only be \
done when another is done. The input has n and m (1 <= n <= 2000, 0 <= m <= 5000), then m lines \
with two different numbers a and b: task a needs task b first. If all tasks can be done, print the \
word order, and then the n tasks in an order in which they can be done. If not, some tasks wait \
for each other in a circle: print the word stuck, then a number k, and then k different tasks of \
which each needs the next, and the last needs the first. Any right answer will do."""


def order(n, needs):
    """The answer only has the word that is right, which a checker may use to notice a bad test."""
    left = {t: set() for t in range(1, n + 1)}
    for a, b in needs:
        left[a].add(b)
    done = set()
    while True:
        free = [t for t in left if not left[t] - done]
        if not free:
            break
        done.update(free)
        for t in free:
            del left[t]
    return {"in": lines([n, len(needs)], *map(list, needs)),
            "out": "stuck\n" if left else "order\n"}


def random_needs(draw, n, m):
    """Along a hidden order, so that there is no circle."""
    place = list(range(1, n + 1))
    draw.shuffle(place)
    needs = []
    while len(needs) < m:
        i, j = draw.below(n), draw.below(n)
        if i > j:
            needs.append((place[i], place[j]))
    return needs


def order_item():
    draw = Draw(44)
    chain = [(i, i + 1) for i in range(1, 2000)]
    draw.shuffle(chain)
    late = random_needs(draw, 300, 900)
    back = [(b, a) for a, b in late[:3]]
    tests = [order(3, [(1, 2), (3, 2)]), order(1, []), order(2, [(1, 2), (2, 1)]),
             order(5, [(1, 2), (2, 3), (3, 4), (4, 2), (5, 1)]),
             order(4, [(1, 2), (1, 2), (4, 3), (1, 3)]), order(12, random_needs(draw, 12, 30)),
             order(300, late + back), order(2000, chain), order(2000, random_needs(draw, 2000, 3000)),
             order(1500, [(i % 1500 + 1, (i + 1) % 1500 + 1) for i in range(1500)])]
    return {"id": "stdio-order", "kind": "checker", "language": "cpp", "problem": ORDER,
            "checker": checker("order.cpp", "kattis"), "tests": tests}


# --- stdio: stalls ---------------------------------------------------------------------------

STALLS = """A market square has room for one stall. There are n requests (1 <= n <= 2000), numbered \
from 1; request i asks for the days from a to b, both included (1 <= a <= b <= 1000000), and pays p \
(1 <= p <= 1000). The input has n and then n lines with a, b and p. Grant requests of which no two \
want the same day, so that the pay is as large as possible. Print how many requests are granted, \
and then their numbers in any order. A choice with the largest pay possible gets the whole point of \
a test; one that is allowed and pays at least half of that gets half a point."""


def stalls(requests):
    ends = sorted(requests, key=lambda r: r[1])
    last = [r[1] for r in ends]
    best = [0]
    for i, (a, _, p) in enumerate(ends):
        best.append(max(best[i], best[bisect.bisect_left(last, a)] + p))
    return {"in": lines([len(requests)], *map(list, requests)), "out": lines([best[-1]])}


def random_requests(draw, n, day, long, pay):
    made = []
    for _ in range(n):
        a = draw.between(1, day)
        made.append((a, min(a + draw.below(long), 1000000), draw.between(1, pay)))
    return made


def stalls_item():
    draw = Draw(55)
    # One large request that overlaps many small ones: whoever takes the largest pay first loses.
    comb = [(1, 1000, 100)] + [(10 * i + 1, 10 * i + 9, 60) for i in range(50)]
    # A short request over the gap of two long ones: whoever takes the shortest first loses.
    bridge = [x for i in range(40) for x in
              ((100 * i + 1, 100 * i + 49, 1000), (100 * i + 49, 100 * i + 51, 10),
               (100 * i + 51, 100 * i + 100, 900))]
    tests = [stalls([(1, 3, 5), (3, 6, 9), (4, 6, 5)]), stalls([(7, 7, 1)]),
             stalls([(1, 10, 6), (2, 4, 4), (5, 8, 4)]), stalls(comb), stalls(bridge),
             stalls(random_requests(draw, 2000, 999000, 20000, 1000)),
             stalls(random_requests(draw, 1000, 3000, 60, 50)),
             stalls([(1, 1000000, i % 1000 + 1) for i in range(1500)])]
    return {"id": "stdio-stalls", "kind": "partial", "language": "cpp", "problem": STALLS,
            "checker": checker("stalls.cpp", "cms"), "score": "fraction", "tests": tests}


# --- stdio: harbor ---------------------------------------------------------------------------

HARBOR = """A harbor keeps a book of the boats that came: n lines (1 <= n <= 20000) with two numbers \
a < b from 0 to 1000000000, for a boat that was there from second a until just before second b. \
The input has n and q (1 <= q <= 20000), then the n lines of the book, then q lines with one number \
t each, from 0 to 1000000000. Print on the first line the largest number of boats that were there \
at the same time, and the number of seconds in which at least one boat was there. Then print, one \
a line and in the order asked, how many boats were there in each second t."""


def harbor(boats, questions):
    change = {}
    for a, b in boats:
        change[a] = change.get(a, 0) + 1
        change[b] = change.get(b, 0) - 1
    times = sorted(change)
    levels, level, busy = [], 0, 0
    for i, t in enumerate(times):
        level += change[t]
        levels.append(level)
        if level > 0:
            busy += times[i + 1] - t
    at = [bisect.bisect_right(times, t) - 1 for t in questions]
    return {"in": lines([len(boats), len(questions)], *map(list, boats),
                        *[[t] for t in questions]),
            "out": lines([max(levels), busy], *[[levels[i] if i >= 0 else 0] for i in at])}


def random_boats(draw, n, end, long):
    made = []
    for _ in range(n):
        a = draw.below(end)
        made.append((a, min(end, a + 1 + draw.below(long))))
    return made


def harbor_item():
    draw = Draw(66)
    end = 10**9
    tests = [harbor([(2, 5), (4, 9), (9, 12)], [0, 4, 5, 9, 12]), harbor([(0, 1)], [1, 0]),
             harbor([(0, end)] * 30 + [(end - 1, end)], [end, end - 1, 0]),
             harbor([(3, 4), (3, 4), (10, 20), (4, 5)], [3, 4, 5, 9, 10, 19, 20]),
             harbor(random_boats(draw, 3000, 999, 30), [draw.below(1000) for _ in range(1000)]),
             harbor(random_boats(draw, 7000, end, end // 2000), [draw.below(end) for _ in range(6500)])]
    return {"id": "stdio-harbor", "kind": "large", "language": "python", "problem": HARBOR,
            "compare": "tokens", "tests": tests}


# --- calls -----------------------------------------------------------------------------------

SMALLER = """Write a method countSmaller(values, k) of a class Solution. values is a list of n whole \
numbers (0 <= n <= 20000, each from -1000000000 to 1000000000), and k is from 1 to 20000. Return a \
list of n numbers: for each place, how many of the k values right before it (or of all values \
before it, where there are fewer than k) are smaller than the value at that place."""

JOINED = """Write a method joinLines(lines, mark) of a class Solution. lines is a list of at most \
20000 texts, and mark is a text that is not empty. A line that ends with the mark goes on in the \
next line of the list: the mark at its end is left out (only one, even if there are two), and the \
next line follows at once. A last line that ends with the mark loses it too, and nothing follows. \
Return the list of whole lines."""

LEVEL = """Write a method waterLevel(tanks, volume) of a class Solution. tanks is a list of at least \
one and at most 1000 pairs [floor, area]: a tank with upright walls whose floor lies at height floor \
(from -1000 to 1000) and has that area (from 0.001 to 1000). The tanks are joined by thin pipes, so \
that the water stands equally high in every tank that has any, and a tank stays dry while the level \
is below its floor. Return the height of the level when volume (from 0.001 to 1000000) of water has \
been poured in. An error of 0.000001, absolute or relative, is allowed."""

PAIRS = """Write a method pairsApart(values, gap) of a class Solution. values is a list of at most \
20000 whole numbers from -1000000000 to 1000000000, and gap is from 1 to 1000000. Return a list of \
all pairs [x, y] such that both numbers are among the values and y is larger than x by gap. Every \
pair comes once, however often its numbers are listed, with the smaller number first; the pairs may \
come in any order."""


def smaller(values, k):
    window, result = [], []
    for i, v in enumerate(values):
        result.append(bisect.bisect_left(window, v))
        bisect.insort(window, v)
        if i >= k:
            window.remove(values[i - k])
    return {"args": [values, k], "result": result}


def smaller_item():
    draw = Draw(77)
    tests = [smaller([5, 1, 4, 4, 6], 3), smaller([], 4), smaller([-7], 1),
             smaller([10**9, -10**9, 0, -1, 1, 10**9], 20000), smaller([3, 3, 3, 3], 2),
             smaller([draw.between(-9, 9) for _ in range(400)], 7),
             smaller([draw.between(0, 9999) for _ in range(20000)], 10000)]
    return {"id": "calls-smaller", "kind": "lists", "language": "python", "problem": SMALLER,
            "call": {"class": "Solution", "method": "countSmaller", "params": ["int[]", "int"],
                     "returns": "int[]"}, "tests": tests}


def joined(rows, mark):
    parts, result, is_open = [], [], False
    for row in rows:
        is_open = row[-len(mark):] == mark
        parts.append(row[:-len(mark)] if is_open else row)
        if not is_open:
            result.append("".join(parts))
            parts = []
    return {"args": [rows, mark], "result": result + ["".join(parts)] * is_open}


def joined_item():
    draw = Draw(88)
    many = ["abcdefgh"[draw.below(8):] + "+" * (draw.below(4) > 0) for _ in range(5000)]
    tests = [joined(["one \\", "line", "two"], "\\"), joined([], "+"), joined(["+", "+", "+"], "+"),
             joined(["a++", "b+", "c", "+d"], "+"), joined(["say \"hi\" ...", "\tand go...", "."], "..."),
             joined(["caf\u00e9\u2026", "\U0001F40E \u6f22\u5b57\u2026", "na\u00efve", ""], "\u2026"),
             joined(["", "", "x.", "", "1.5", "y."], "."), joined(["((*", "*)", "a*b*", ""], "*"),
             joined(["a$", "b", "abab", "ab"], "ab"), joined(many, "+")]
    return {"id": "calls-joined", "kind": "strings", "language": "python", "problem": JOINED,
            "call": {"class": "Solution", "method": "joinLines", "params": ["string[]", "string"],
                     "returns": "string[]"}, "tests": tests}


def level(tanks, volume):
    """Widens the water surface tank by tank."""
    tanks_up = sorted(tanks)
    area, height, left = 0.0, tanks_up[0][0], volume
    for floor, more in tanks_up:
        if area > 0 and left <= area * (floor - height):
            break
        left -= area * (floor - height)
        height = floor
        area += more
    return {"args": [tanks, volume], "result": round(height + left / area, 10)}


def level_item():
    draw = Draw(99)
    some = [[draw.between(-100000, 100000) / 100, draw.between(1, 100000) / 1000] for _ in range(600)]
    tests = [level([[0.0, 2.0], [1.0, 1.0]], 5.0), level([[-3.5, 0.5]], 0.25),
             level([[10.0, 1.0], [0.0, 1.0]], 4.0), level([[0.0, 3.0], [0.0, 4.0], [0.0, 0.001]], 1.0),
             level([[1000.0, 0.001], [-1000.0, 0.001]], 1000000.0),
             level([[2.0, 1.5], [1.0, 0.5], [0.0, 0.25]], 0.25),
             level(some, 250000.5), level(some, 0.001), level(some, 1000000.0)]
    return {"id": "calls-level", "kind": "float", "language": "python", "problem": LEVEL,
            "compare": {"float_abs": 1e-6, "float_rel": 1e-6},
            "call": {"class": "Solution", "method": "waterLevel", "params": ["double[][]", "double"],
                     "returns": "double"}, "tests": tests}


def pairs(values, gap):
    known = set(values)
    return {"args": [values, gap],
            "result": [[x, x + gap] for x in sorted(known) if x + gap in known]}


def pairs_item():
    draw = Draw(111)
    tests = [pairs([1, 5, 3, 7], 2), pairs([], 1), pairs([4, 4, 4], 1), pairs([4, 4, 5, 5, 3], 1),
             pairs([10**9, 10**9 - 10**6, -10**9, -10**9 + 10**6], 10**6), pairs([0, -2, 2, -4], 2),
             pairs([draw.between(-5000, 5000) for _ in range(8000)], 137)]
    return {"id": "calls-pairs", "kind": "unordered", "language": "python", "problem": PAIRS,
            "compare": {"unordered": True},
            "call": {"class": "Solution", "method": "pairsApart", "params": ["int[]", "int"],
                     "returns": "int[][]"}, "tests": tests}


# --- files -----------------------------------------------------------------------------------


def write_suite(name, items):
    folder = os.path.join(HERE, name)
    text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode("utf-8")
    with open(os.path.join(folder, name + ".jsonl"), "wb") as f:
        f.write(text)
    path = os.path.join(folder, name + ".json")
    with open(path, encoding="utf-8") as f:
        definition = json.load(f)
    definition["sha256"] = hashlib.sha256(text).hexdigest()
    with open(path, "w", encoding="utf-8") as f:
        f.write(json.dumps(definition, indent=2, ensure_ascii=False) + "\n")


def main():
    write_suite("stdio", [planks_item(), sign_item(), circle_item(), order_item(), stalls_item(),
                          harbor_item()])
    write_suite("calls", [smaller_item(), joined_item(), level_item(), pairs_item()])


if __name__ == "__main__":
    main()
