#!/usr/bin/env python3
"""Reference for encoding/: DeepSeek-V3.2's chat encoding and its parser, in the Python whose json
module defines the bytes, written from the format's description and independent of podium's C.

    python3 tests/reference/encoding_ref.py cases     > tests/golden/encoding_cases.jsonl
    python3 tests/reference/encoding_ref.py floats    > tests/golden/encoding_floats.txt
    python3 tests/reference/encoding_ref.py json      > tests/golden/encoding_json.jsonl
    python3 tests/reference/encoding_ref.py printable > encoding/printable.c   (then clang-format)

Everything is seeded: the same Python (3.11, Unicode 14) writes the same files. Only the standard
library is used. Nothing of this runs in `make check`, which replays the files.
"""
import json
import math
import random
import re
import struct
import sys

sys.set_int_max_str_digits(0)

BOS, EOS = "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"
USER, ASSISTANT = "<｜User｜>", "<｜Assistant｜>"
OPEN, CLOSE = "<think>", "</think>"
DSML = "｜DSML｜"


class Fault(Exception):
    """A refusal; `code` is the name podium's C gives it."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


# --- rendering -----------------------------------------------------------------------------------


def printable_utf8(text):
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return None


def to_json(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if printable_utf8(text) is not None else json.dumps(value, ensure_ascii=True)


def need(condition, code):
    if not condition:
        raise Fault(code)


def tool_section(functions):
    d = DSML
    head = f"""## Tools

You have access to a set of tools you can use to answer the user's question.
You can invoke functions by writing a "<{d}function_calls>" block like the following as part of your reply to the user:
<{d}function_calls>
<{d}invoke name="$FUNCTION_NAME">
<{d}parameter name="$PARAMETER_NAME" string="true|false">$PARAMETER_VALUE</{d}parameter>
...
</{d}invoke>
<{d}invoke name="$FUNCTION_NAME2">
...
</{d}invoke>
</{d}function_calls>

String and scalar parameters should be specified as is without any escaping or quotes, while lists and objects should use JSON format. The "string" attribute should be set to "true" for string type parameters and "false" for other types (numbers, booleans, arrays, objects).

If the thinking_mode is enabled, then after function results you should strongly consider outputting a thinking block. Here is an example:

<{d}function_calls>
...
</{d}function_calls>

<function_results>
...
</function_results>

{OPEN}...thinking about results{CLOSE}

Here are the functions available in JSONSchema format:
<functions>
"""
    return head + "\n".join(to_json(f) for f in functions) + "\n</functions>\n"


def listed_functions(tools):
    need(isinstance(tools, list), "tools_kind")
    found = []
    for tool in tools:
        need(isinstance(tool, dict), "tools_kind")
        need("function" in tool, "tool_function")
        found.append(tool["function"])
    return found


def listed_calls(calls):
    need(isinstance(calls, list), "calls_kind")
    found = []
    for call in calls:
        need(isinstance(call, dict), "calls_kind")
        need("function" in call, "call_function")
        function = call["function"]
        need(isinstance(function, dict), "calls_kind")
        need("name" in function, "call_name")
        need("arguments" in function, "call_arguments")
        found.append((function["name"], function["arguments"]))
    return found


def invocation(name, arguments):
    need(isinstance(arguments, str), "arguments_kind")
    need(printable_utf8(arguments) is not None, "surrogate")
    try:
        values = json.loads(arguments)
    except json.JSONDecodeError:
        raise Fault("arguments_json") from None
    need(isinstance(values, dict), "arguments_object")
    lines = []
    for key, value in values.items():
        is_text = isinstance(value, str)
        shown = value if is_text else to_json(value)
        flag = "true" if is_text else "false"
        lines.append(f'<{DSML}parameter name="{key}" string="{flag}">{shown}</{DSML}parameter>')
    body = "\n".join(lines)
    return f'<{DSML}invoke name="{name}">\n{body}\n</{DSML}invoke>'


def field(message, key):
    need(isinstance(message, dict), "message_kind")
    return message.get(key)


def last_user(messages):
    for index in reversed(range(len(messages))):
        if field(messages[index], "role") in ("user", "developer"):
            return index
    return -1


def one_message(index, messages, thinking):
    need(index < len(messages), "index")
    last = last_user(messages)
    message = messages[index]
    role, content = field(message, "role"), field(message, "content")
    functions = listed_functions(message["tools"]) if message.get("tools") else None
    calls = listed_calls(message["tool_calls"]) if message.get("tool_calls") else None
    schema = message.get("response_format")
    extras = ""
    if functions:
        extras += "\n\n" + tool_section(functions)
    if schema:
        extras += "\n\n## Response Format:\n\nYou MUST strictly adhere to the following schema to reply:\n"
        extras += to_json(schema)
    opening = OPEN if index == last and thinking else CLOSE

    if role == "system":
        return str(content or "") + extras
    if role == "developer":
        need(content, "developer_empty")
        return f"{USER}{extras}\n\n# The user's message is: {content}{ASSISTANT}{opening}"
    if role == "user":
        return f"{USER}{content}{ASSISTANT}{opening}"
    if role == "tool":
        caller_index = index - 1
        caller = messages[caller_index]
        while caller_index >= 0 and field(caller, "role") == "tool":
            caller_index -= 1
            caller = messages[caller_index]
        if index != 0:
            need(caller_index >= 0 and field(caller, "role") == "assistant", "tool_orphan")
        order = index - caller_index
        made = field(caller, "tool_calls")
        if made:
            need(isinstance(made, (list, dict, str)), "tool_calls_kind")
        need(made and len(made) >= order, "tool_count")
        text = "\n\n<function_results>" if order == 1 else ""
        text += f"\n<result>{content}</result>"
        if order == len(made):
            text += "\n</function_results>\n\n" + (OPEN if index >= last and thinking else CLOSE)
        return text
    if role == "assistant":
        block = ""
        if calls:
            shown = "\n".join(invocation(name, arguments) for name, arguments in calls)
            block = f"\n\n<{DSML}function_calls>\n{shown}\n</{DSML}function_calls>"
        reasoning = ""
        if thinking and index > last:
            given = message.get("reasoning_content")
            need(given or calls, "no_reasoning")
            reasoning = f"{given or ''}{CLOSE}"
        return f"{reasoning}{content or ''}{block}{EOS}"
    raise Fault("role")


def encode(messages, thinking, context=None, drop_thinking=True, add_default_bos_token=True):
    context = context or []
    need(isinstance(messages, list) and isinstance(context, list), "not_a_list")
    full = context + messages
    if thinking and drop_thinking:
        last = last_user(full)
        roles = [field(m, "role") for m in full]
        kept = ("user", "system", "tool", "assistant")
        full = [m for i, m in enumerate(full) if i >= last or roles[i] in kept]
    prompt = BOS if add_default_bos_token and not context else ""
    for index in range(len(messages)):
        prompt += one_message(index + len(context), full, thinking)
    need(printable_utf8(prompt) is not None, "surrogate")
    return prompt


# --- parsing -------------------------------------------------------------------------------------

BLOCK = f"\n\n<{DSML}function_calls"
BLOCK_END = f"</{DSML}function_calls>"
INVOKE, INVOKE_END = f"<{DSML}invoke", f"</{DSML}invoke"
PARAM, PARAM_END = f"<{DSML}parameter", f"/{DSML}parameter"


class Cursor:
    def __init__(self, text):
        self.text, self.at, self.stop = text, 0, None

    def until(self, *stops):
        hits = [(self.text.find(s, self.at), k) for k, s in enumerate(stops)]
        hits = [h for h in hits if h[0] >= 0]
        if not hits:
            piece, self.at, self.stop = self.text[self.at :], len(self.text), None
            return piece
        where, k = min(hits)
        piece, self.at, self.stop = self.text[self.at : where], where + len(stops[k]), stops[k]
        return piece


def one_call(cursor):
    header = re.search(r'\A\s*name="(.*?)">\n$', cursor.until(PARAM, INVOKE_END), re.DOTALL)
    need(header, "name_format")
    values = {}
    while cursor.stop == PARAM:
        found = re.search(r'\A name="(.*?)" string="(true|false)">(.*?)<$', cursor.until(PARAM_END), re.DOTALL)
        need(found, "param_format")
        key, flag, value = found.groups()
        need(key not in values, "param_duplicate")
        values[key] = to_json(value) if flag == "true" else value
        need(cursor.until(PARAM, INVOKE_END) == ">\n", "param_tail")
    arguments = "{" + ", ".join(f"{to_json(k)}: {v}" for k, v in values.items()) + "}"
    return {"type": "function", "function": {"name": header.group(1), "arguments": arguments}}


def parse(text, thinking):
    cursor, reasoning, calls = Cursor(text), "", []
    if thinking:
        reasoning = cursor.until(CLOSE, BLOCK)
        need(cursor.stop == CLOSE, "thinking_format")
    content = cursor.until(EOS, BLOCK)
    need(cursor.stop is not None, "summary_format")
    if cursor.stop == BLOCK:
        while cursor.at < len(text):
            need(cursor.until(INVOKE, BLOCK_END) == ">\n", "call_format")
            if cursor.stop == BLOCK_END:
                break
            need(cursor.stop, "missing_token")
            calls.append(one_call(cursor))
        need(cursor.until(EOS) == "", "after_calls")
    need(cursor.at == len(text) and cursor.stop in (EOS, None), "at_end")
    for mark in (BOS, EOS, OPEN, CLOSE, DSML):
        need(mark not in content and mark not in reasoning, "special_token")
    return {"role": "assistant", "content": content, "reasoning_content": reasoning, "tool_calls": calls}


# --- cases ---------------------------------------------------------------------------------------

WORDS = ["", "a", "hello", "1+1=?", " ", "\n", "\n\n", '"', "'", "it's \"both\"", "\\", "\t", "\x00", "\x1f", "\x7f",
         "é", "你好", "📅", "🌤️", "\u2028", "\u00a0", "\ud800", "\udfff", "a\udc00b", "{content}", "%s", "$1",
         "<b>", "\u200b", "\U000e0001", "\u0378", "//", "x" * 40]
MARKS = [BOS, EOS, USER, ASSISTANT, OPEN, CLOSE, DSML, f"<{DSML}function_calls>", "</result>"]
NUMBERS = ["0", "-0", "1", "-17", "123456789012345678901234567890", "1.0", "-0.0", "1e5", "1E+2", "1e-5", "0.00001",
           "1e16", "1e17", "123456789012345680.0", "9007199254740993", "9007199254740993.0", "1e400", "-1e400", "NaN",
           "Infinity", "-Infinity", "5e-324", "1.7976931348623157e308", "0.1", "100000.0", "0.0001", "1e22", "1e23",
           "2.5", "1e-7"]
BROKEN = ["", "{", "[]", "3", '"x"', "null", "{a: 1}", "{'a': 1}", '{"a": 1,}', '{"a" 1}', '{"a": }', '{"a": 1} x',
          '{"a": "\n"}', '{"a": "\\x"}', '{"a": "\\u12"}', '{"a": "', '{"a": 01}', '{"a": 1.}', '{"a": -}', '\ufeff{}',
          '{"a": tru}', '{"a": [1 2]}', '{"a": [1,]}']


class Maker:
    """Random documents, as JSON text, so that duplicate keys and number spellings survive."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def chance(self, p):
        return self.r.random() < p

    def word(self, surrogates=False, marks=True):
        pool = [w for w in WORDS if surrogates or printable_utf8(w) is not None]
        text = "".join(self.r.choice(pool) for _ in range(self.r.randint(0, 3)))
        if marks and self.chance(0.15):
            text += self.r.choice(MARKS)
        return text

    def quoted(self, text):
        return json.dumps(text, ensure_ascii=self.chance(0.5) or printable_utf8(text) is None)

    def value(self, depth=0, surrogates=True):
        kind = self.r.randint(0, 5 if depth < 3 else 3)
        if kind == 0:
            return self.r.choice(["null", "true", "false"])
        if kind == 1:
            return self.r.choice(NUMBERS)
        if kind < 4:
            return self.quoted(self.word(surrogates))
        space = self.r.choice(["", " ", "\n", "\t "])
        if kind == 4:
            return "[" + ("," + space).join(self.value(depth + 1) for _ in range(self.r.randint(0, 3))) + space + "]"
        return self.object(depth + 1, surrogates)

    def object(self, depth=0, surrogates=True):
        keys = ["a", "b", "a", "é", "k y", '"', self.word(surrogates=self.chance(0.1) and surrogates)]
        n = self.r.randint(0, 4) if self.chance(0.9) else 12
        pairs = [self.quoted(self.r.choice(keys)) + self.r.choice([":", ": ", " : "]) + self.value(depth + 1, surrogates)
                 for _ in range(n)]
        return "{" + self.r.choice([",", ", ", " ,\n"]).join(pairs) + "}"

    def content(self):
        if self.chance(0.12):
            return self.value(1)
        return self.quoted(self.word(surrogates=self.chance(0.02)))

    def arguments(self):
        if self.chance(0.04):
            return self.quoted(self.r.choice(BROKEN))
        if self.chance(0.02):
            return self.value(2)
        return self.quoted(self.object(1, surrogates=self.chance(0.05)))

    def call(self):
        fields = ['"name": ' + (self.quoted(self.word()) if self.chance(0.95) else self.value(2)),
                  '"arguments": ' + self.arguments()]
        if self.chance(0.02):
            fields.pop(self.r.randint(0, 1))
        if self.chance(0.5):
            fields.reverse()
        inner = "{" + ", ".join(fields) + "}" if self.chance(0.98) else self.value(1)
        name = "function" if self.chance(0.98) else "fn"
        return '{"id": "c1", "type": "function", "%s": %s}' % (name, inner) if self.chance(0.98) else self.value(1)

    def tools(self):
        if self.chance(0.05):
            return self.value(1)
        return "[" + ", ".join('{"type": "function", "function": %s}' % self.object(1) if self.chance(0.97)
                               else self.value(1) for _ in range(self.r.randint(0, 3))) + "]"

    def message(self, role, calls=0):
        fields = ['"role": ' + json.dumps(role)] if self.chance(0.99) else []
        if self.chance(0.9):
            fields.append('"content": ' + self.content())
        if role == "assistant" and self.chance(0.7):
            fields.append('"reasoning_content": ' + self.content())
        if calls:
            fields.append('"tool_calls": [' + ", ".join(self.call() for _ in range(calls)) + "]")
        elif self.chance(0.04):
            fields.append('"tool_calls": ' + self.value(1))
        if role in ("system", "developer") and self.chance(0.3) or self.chance(0.03):
            fields.append('"tools": ' + self.tools())
        if self.chance(0.1):
            fields.append('"response_format": ' + self.value(1))
        self.r.shuffle(fields)
        return "{" + ", ".join(fields) + "}"

    def conversation(self):
        out = []
        if self.chance(0.5):
            out.append(self.message("system"))
        for _ in range(self.r.randint(0, 3)):
            out.append(self.message("developer" if self.chance(0.12) else "user"))
            while self.chance(0.4):
                calls = self.r.randint(1, 3)
                out.append(self.message("assistant", calls))
                results = calls if self.chance(0.85) else self.r.randint(0, 4)
                out.extend(self.message("tool") for _ in range(results))
            if self.chance(0.6):
                out.append(self.message("assistant"))
        if self.chance(0.08):
            out.insert(self.r.randint(0, len(out)), self.message(self.r.choice(["tool", "critic", "user"])))
        if self.chance(0.02):
            out.insert(self.r.randint(0, len(out)), self.value(2))
        if out and self.chance(0.05):
            out.pop(0)
        return out

    def document(self):
        messages = self.conversation()
        fields = []
        if messages and self.chance(0.3):
            cut = self.r.randint(0, len(messages))
            fields.append('"context": [' + ", ".join(messages[:cut]) + "]")
            messages = messages[cut:]
        elif self.chance(0.05):
            fields.append('"context": ' + self.value(2))
        listed = "[" + ", ".join(messages) + "]" if self.chance(0.99) else self.value(2)
        fields.append('"messages": ' + listed)
        if self.chance(0.3):
            fields.append('"drop_thinking": ' + self.r.choice(["true", "false"]))
        if self.chance(0.2):
            fields.append('"add_default_bos_token": ' + self.r.choice(["true", "false"]))
        return "{" + ", ".join(fields) + "}"

    def completion(self):
        """Something near a well-formed completion, with a few mistakes."""
        parts = []
        if self.chance(0.7):
            parts += [self.word(), CLOSE]
        parts.append(self.word(marks=self.chance(0.2)))
        if self.chance(0.7):
            parts += ["\n\n", f"<{DSML}function_calls", ">", "\n"]
            for _ in range(self.r.randint(0, 3)):
                name = self.r.choice(["f", "get time", 'x">\n', "", "é"])
                parts += [INVOKE, " ", f'name="{name}"', ">", "\n"]
                keys = [self.r.choice(["a", "b", "c", 'q"', ""]) for _ in range(self.r.randint(0, 3))]
                for key in keys:
                    flag = self.r.choice(["true", "false"])
                    value = self.value(1, False) if flag == "false" else self.word()
                    parts += [PARAM, f' name="{key}"', f' string="{flag}"', ">", value, "<", PARAM_END, ">", "\n"]
                if not keys:
                    parts.append("\n")
                parts += [INVOKE_END, ">", "\n"]
            parts.append(BLOCK_END)
        parts.append(EOS)
        for _ in range(self.r.choice([0, 0, 0, 1, 1, 2])):
            where = self.r.randrange(len(parts))
            act = self.r.randint(0, 3)
            if act == 0:
                parts.pop(where)
            elif act == 1:
                parts.insert(where, self.r.choice(MARKS + ["\n", " ", "<", "\u2003", "x"]))
            elif act == 2:
                parts = parts[: where + 1]
            else:
                parts.insert(where, parts[self.r.randrange(len(parts))])
            if not parts:
                return ""
        return "".join(parts)


def attempt(function, *args, **kw):
    try:
        return {"out": function(*args, **kw)}
    except Fault as fault:
        return {"error": fault.code}


def case_of_document(document, thinking):
    given = json.loads(document)
    result = attempt(encode, given.pop("messages"), thinking, **given)
    return {"kind": "encode", "thinking": thinking, "in": document, **result}


def case_of_completion(text, thinking):
    result = attempt(parse, text, thinking)
    if "out" in result:
        result["out"] = to_json(result["out"])
    return {"kind": "parse", "thinking": thinking, "in": text, **result}


def write_cases(out):
    """Common outcomes are thinned out so that the rare ones are not lost among them."""
    seen, n = {}, 0
    maker = Maker(20260101)
    while n < 900:
        thinking = maker.chance(0.6)
        case = case_of_document(maker.document(), thinking) if maker.chance(0.6) else case_of_completion(
            maker.completion(), thinking)
        label = (case["kind"], case.get("error", "ok"))
        seen[label] = seen.get(label, 0) + 1
        limit = 300 if "out" in case else 30
        if seen[label] <= limit:
            print(json.dumps(case, ensure_ascii=False), file=out)
            n += 1
        if sum(seen.values()) > 200000:
            break
    print(dict(sorted(seen.items())), file=sys.stderr)


def write_floats(out):
    r = random.Random(7)
    values = [2.0**k for k in range(-1074, 1024)][::3] + [2.0**-44, 2.0**89, 5e-324, 1.7976931348623157e308, 1e16,
                                                         9999999999999998.0, 1e22, 1e23, 0.0001, 0.00001, -0.0, 0.0]
    values += [struct.unpack("<d", struct.pack("<Q", r.getrandbits(64)))[0] for _ in range(2000)]
    values += [round(r.uniform(-1e6, 1e6), r.randint(0, 6)) for _ in range(300)]
    values += [float(r.getrandbits(r.randint(1, 70))) for _ in range(300)]
    values += [math.nextafter(2.0**r.randint(-60, 60), r.choice([0, 1e300])) for _ in range(200)]
    for v in values:
        if math.isfinite(v):
            print(f"{struct.pack('>d', v).hex()} {v!r}", file=out)


JSON_BAD = ["", " ", "[", "[1", "[1,", "[1,]", "[1 2]", "{", '{"a', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}',
            '{"a" 1}', "{1:2}", "{,}", "[,]", "]", "}", "tru", "nul", "nan", "-", "-I", "+1", ".5", "01", "1.", "1.e5",
            "1e", "1e+", "0x10", "1 2", "1,", '"', '"\\', '"\\"', '"\\u', '"\\u12', '"\\u123"', '"\\uZZZZ"',
            '"\\ud83d\\uZZZZ"', '"\\q"', '"\n"', '"a\x00"', '"\x1f', "'a'", "\ufeff1", "[1]x", "[[[1]]", "NaNa",
            "-Infinit", "Infinity1", "\u00a01", "\x0b1", '{"a":1 "b":2}', '{"a":1, b:2}', "[1, 2", "é", '["é" 1]']
JSON_CODES = {"Expecting value": "json_value", "Extra data": "json_extra",
              "Expecting property name enclosed in double quotes": "json_key",
              "Expecting ':' delimiter": "json_colon", "Expecting ',' delimiter": "json_comma",
              "Unterminated string starting at": "json_string", "Invalid control character at": "json_control",
              "Invalid \\escape": "json_escape", "Invalid \\uXXXX escape": "json_unicode",
              "Unexpected UTF-8 BOM (decode using utf-8-sig)": "json_bom"}


def json_case(text):
    try:
        value = json.loads(text)
    except json.JSONDecodeError as bad:
        code = JSON_CODES[bad.msg.removesuffix(": ")] if bad.msg in JSON_CODES else next(
            c for m, c in JSON_CODES.items() if bad.msg.startswith(m))
        return {"in": text, "error": code, "at": len(text[: bad.pos].encode("utf-8"))}
    return {"in": text, "dumps": to_json(value), "repr": repr(value)}


def write_json(out):
    maker = Maker(11)
    for text in JSON_BAD + NUMBERS:
        print(json.dumps(json_case(text), ensure_ascii=False), file=out)
    for _ in range(300):
        text = maker.value() if maker.chance(0.3) else maker.object()
        print(json.dumps(json_case(text), ensure_ascii=False), file=out)
        if maker.chance(0.4) and printable_utf8(text) is not None and text:
            cut = maker.r.randrange(len(text))
            broken = text[:cut] + maker.r.choice(["", '"', ",", "}", "]", "\\", ":", "\x01"]) + text[cut + 1 :]
            print(json.dumps(json_case(broken), ensure_ascii=False), file=out)


def write_printable(out):
    spans, start = [], None
    for code in range(0x110001):
        hidden = code < 0x110000 and not chr(code).isprintable()
        if hidden and start is None:
            start = code
        elif not hidden and start is not None:
            spans.append((start, code - 1))
            start = None
    print('#include "encoding/printable.h"\n', file=out)
    print("/* Spans that are not printable; written by tests/reference/encoding_ref.py from Python's", file=out)
    print(" * unicodedata (Unicode 14.0, as in Python 3.11). */", file=out)
    print("static const struct {\n    uint32_t first;\n    uint32_t last;\n} hidden[] = {", file=out)
    print(" ".join("{0x%x, 0x%x}," % s for s in spans), file=out)
    print("};\n\nbool printable(uint32_t code_point)\n{", file=out)
    print("    int low = 0;\n    int high = (int)(sizeof hidden / sizeof hidden[0]);", file=out)
    print("    while (low < high) {\n        int middle = (low + high) / 2;", file=out)
    print("        if (hidden[middle].last < code_point)\n            low = middle + 1;", file=out)
    print("        else\n            high = middle;\n    }", file=out)
    print("    return low == (int)(sizeof hidden / sizeof hidden[0]) || code_point < hidden[low].first;\n}", file=out)


if __name__ == "__main__":
    tasks = {"cases": write_cases, "floats": write_floats, "json": write_json, "printable": write_printable}
    if len(sys.argv) != 2 or sys.argv[1] not in tasks:
        sys.exit(__doc__)
    tasks[sys.argv[1]](sys.stdout)
