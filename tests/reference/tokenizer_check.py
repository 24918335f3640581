#!/usr/bin/env python3
"""Compare podium's token ids with those of the `tokenizers` package over random texts.

    python tests/reference/tokenizer_check.py TOKENIZER.json [--texts 20000] [--seed 1]

Run in the root of the tree; a C compiler builds the counterpart (tokenizer_pipe.c) under build/. Compared
are the ids of random texts with added tokens recognised, the same with the added tokens taken out of the
package's copy (they are text then), the pieces the texts are split into (a border that no merge would
cross does not show in ids), and the pieces around every code point. Prints how many were compared and the first differences; the exit status is 1 when there is any.
"""

import argparse
import glob
import json
import random
import subprocess
import sys

from tokenizers import Tokenizer, __version__

WORDS = ["the", "and", "return", "int", "Straße", "naïve", "İstanbul", "ſ", "Ω", "привет", "שלום", "مرحبا", "नमस्ते",
         "สวัสดี", "한국어", "数学", "天気", "カタカナ", "ひらがな", "龥", "龦", "々", "〇", "㐀", "𠀀", "ﬁ", "ǅ", "ʰ", "ª"]
MARKS = ["\u0301", "\u0308", "\u200d", "\ufe0f", "\u20e3", "\u0483", "\u093f", "\u0e31", "\U0001f3fd", "\U000e0101", "\u0897"]
SPACES = [" ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u00a0", "\u1680", "\u180e", "\u2003",
          "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u200b", "\u2060", "\ufeff", " \n ", "\n \n", " " * 17]
DIGITS = ["0", "12", "123", "1234", "3.14", "1,000", "٣", "४५६७", "²", "½", "Ⅻ", "㊄", "𝟘𝟙", "\U00010d40", "\U0001ccf0"]
SIGNS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + ["...", "->", "!=", "\\frac{", "}{", "$$", "«", "»", "—", "…", "。", "，",
         "€", "№", "∑", "≤", "⟨", "𝛼", "😀", "\U0001fae8", "\U0001fa89", "🇫🇷", "👩\u200d👧", "©", "`", "´", "^", "'s", "'LL"]
ODD = ["\x00", "\x01", "\x1b", "\x7f", "\x80", "\x9f", "\u00ad", "\ufffd", "\ufffe", "\uffff", "\ue000", "\U0010ffff",
       "\u0378", "\U0001fbfa", "\U000e0001", "\u202e", "\u115f", "\u3164", "\U00031350", "\U00011f5a"]


class Podium:
    def __init__(self, path):
        program = "build/tokenizer_pipe"
        sources = ["tests/reference/tokenizer_pipe.c", "engine/bpe.c"]
        for pattern in ("engine/tokenizer*.c", "engine/pretok*.c", "base/*.c"):
            sources += glob.glob(pattern)
        subprocess.run(["mkdir", "-p", "build"], check=True)
        subprocess.run(["cc", "-std=gnu17", "-O2", "-D_GNU_SOURCE", "-I.", "-o", program, *sources,
                        "-lcjson", "-lpcre2-8", "-lsodium", "-lm"], check=True)
        self.process = subprocess.Popen([program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def encode(self, text, mode):
        data = text.encode()
        self.process.stdin.write(b"%s %d\n" % (mode.encode(), len(data)) + data)
        self.process.stdin.flush()
        return [int(i) for i in self.process.stdout.readline().split()]


def random_text(rng, added):
    kinds = [WORDS, MARKS, SPACES, DIGITS, SIGNS, ODD, added]
    weights = [rng.random() ** 2 for _ in kinds]
    out = []
    for _ in range(rng.randint(1, 40)):
        kind = rng.choices(kinds, weights)[0]
        part = rng.choice(kind)
        if kind is added and rng.random() < 0.3:
            part = part[:rng.randint(1, len(part))]
        if rng.random() < 0.1:
            c = rng.choice([rng.randrange(0x80), rng.randrange(0x800), rng.randrange(0x3000, 0x9fff),
                            rng.randrange(0x10000), rng.randrange(0x20000), rng.randrange(0x110000)])
            part = chr(c if not 0xd800 <= c <= 0xdfff else c - 0x800)
        if rng.random() < 0.05:
            part *= rng.randint(2, 60)
        out.append(part)
        if rng.random() < 0.3:
            out.append(" ")
    return "".join(out)


def code_point_texts():
    """Each code point between the characters whose grouping depends on its class."""
    for c in range(0x110000):
        if not 0xd800 <= c <= 0xdfff:
            x = chr(c)
            yield f"a{x}b {x}{x}b  {x}\n1{x}2.{x}\u3042{x} \n {x} "


def compare(name, texts, ours, theirs):
    n = different = 0
    for text in texts:
        a, b = ours(text), theirs(text)
        n += 1
        if a != b:
            different += 1
            if different <= 5:
                print(f"{name}: {text[:300]!r}\n  podium {a[:60]}\n  tokenizers {b[:60]}")
    print(f"{name}: {n} texts, {different} different")
    return different


def pieces(tokenizer, text):
    """Lengths in bytes: the package writes each byte of a piece as one character."""
    return [len(piece) for piece, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)]


def batches(texts, size=400):
    batch = []
    for text in texts:
        batch.append(text)
        if len(batch) == size:
            yield "|".join(batch)
            batch = []
    yield "|".join(batch)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tokenizer")
    parser.add_argument("--texts", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with open(args.tokenizer, encoding="utf-8") as f:
        doc = json.load(f)
    added = [t["content"] for t in doc["added_tokens"]]
    special = Tokenizer.from_file(args.tokenizer)
    plain = Tokenizer.from_str(json.dumps({**doc, "added_tokens": []}))
    podium = Podium(args.tokenizer)
    rng = random.Random(args.seed)
    texts = [random_text(rng, added) for _ in range(args.texts)]
    print(f"tokenizers {__version__}, seed {args.seed}")
    n = compare("added tokens recognised", texts, lambda t: podium.encode(t, "s"),
                lambda t: special.encode(t, add_special_tokens=False).ids)
    n += compare("all of it text", texts, lambda t: podium.encode(t, "t"),
                 lambda t: plain.encode(t, add_special_tokens=False).ids)
    n += compare("pieces", texts, lambda t: podium.encode(t, "p"), lambda t: pieces(special, t))
    n += compare("pieces around every code point, 400 a text", batches(code_point_texts()),
                 lambda t: podium.encode(t, "p"), lambda t: pieces(special, t))
    sys.exit(1 if n else 0)


if __name__ == "__main__":
    main()
