# Calls one function of a submission; see graders/judge/call.h. The names that the driver needs are
# bound before the submission runs, so that it cannot lose its own result by patching a module.
import os, sys


def serve(write, leave, print_exception, names):
    with open("call.txt", "rb") as f:
        word, class_name, method, text = f.read().decode("utf-8").split("\n", 3)
    import json
    arguments = json.loads(text)
    source = open(names[0], "rb").read()
    space = {"__name__": "solution", "__file__": names[0], "__builtins__": __builtins__}
    prelude(space)
    sys.setrecursionlimit(200000)
    try:
        exec(compile(source, names[0], "exec"), space)
        function = getattr(space[class_name](), method) if class_name else space[method]
        text = plain(function(*arguments), 0)
    except BaseException:
        print_exception()
        leave(1)
    try:
        sys.stdout.flush()
    except BaseException:
        pass
    data = f"{word} {len(text)}\n{text}\n{word}\n".encode("ascii")
    while data:
        data = data[write(3, data):]
    leave(0)


def prelude(space):
    # what such submissions take for granted
    exec("import array, bisect, collections, functools, heapq, itertools, math, operator, random\n"
         "import re, string, sys\n"
         "from math import *\n"
         "from typing import *\n"
         "from bisect import *\n"
         "from collections import *\n"
         "from functools import *\n"
         "from heapq import *\n"
         "from itertools import *\n", space)
    space.pop("pow", None)  # the built-in one


def make_plain():
    from collections import deque
    ordered = (list, tuple, range, deque, type({}.keys()), type({}.values()))
    iterate, kind, is_a, join = iter, type, isinstance, "".join
    to_int, to_float, to_text = int.__repr__, float.__repr__, str.__iter__
    in_list, in_tuple, in_deque, items = (list.__iter__, tuple.__iter__, deque.__iter__,
                                          dict.items)
    code, hex4, raise_type = ord, "\\u%04x", TypeError

    def quote(s):
        out = ['"']
        for c in to_text(s):
            n = code(c)
            if c == '"' or c == "\\":
                out.append("\\" + c)
            elif 32 <= n < 127:
                out.append(c)
            elif n < 65536:
                out.append(hex4 % n)
            else:
                n -= 65536
                out.append(hex4 % (0xd800 + (n >> 10)) + hex4 % (0xdc00 + (n & 1023)))
        out.append('"')
        return join(out)

    def number(v):
        text = to_float(v)
        return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(text, text)

    # Only what is data: of a class of the submission's own the data of its base, read by the
    # base's methods and never by its own.
    def plain(v, depth):
        if depth > 400:
            raise raise_type("the result is nested too deep")
        if v is None:
            return "null"
        if v is True:
            return "true"
        if v is False:
            return "false"
        if is_a(v, int):
            return to_int(v)
        if is_a(v, float):
            return number(v)
        if is_a(v, str):
            return quote(v)
        if is_a(v, dict):
            return "{" + ",".join([quote(key(k)) + ":" + plain(x, depth + 1)
                                   for k, x in items(v)]) + "}"
        if is_a(v, list):
            v = in_list(v)
        elif is_a(v, tuple):
            v = in_tuple(v)
        elif is_a(v, deque):
            v = in_deque(v)
        elif kind(v) in ordered:
            v = iterate(v)
        else:
            raise raise_type("the result holds a " + kind(v).__name__ + ", which is no plain data")
        return "[" + ",".join([plain(x, depth + 1) for x in v]) + "]"

    def key(k):
        if is_a(k, str):
            return k
        if k is None or is_a(k, (bool, int, float)):
            return plain(k, 0)
        raise raise_type("a key of the result is no plain data")

    return plain


def make_print_exception():
    from traceback import print_exc
    leave = os._exit

    def print_exception():
        try:
            print_exc(limit=-8)
            sys.stderr.flush()
        except BaseException:
            leave(1)

    return print_exception


if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)
plain = make_plain()
serve(os.write, os._exit, make_print_exception(), sys.argv[1:])
