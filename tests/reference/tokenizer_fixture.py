#!/usr/bin/env python3
"""Write the small tokenizer of the unit tests, and golden ids for it.

    python tests/reference/tokenizer_fixture.py      (needs the `tokenizers` package; 0.23.3 was used)

tests/golden/tokenizer/tokenizer.json has the structure of DeepSeek-V3.2's file with a few hundred
tokens, learned from the sentences below. cases.jsonl holds one text a line with the ids that the
package gives: "special" with added tokens recognised, "plain" without them.
"""

import json
import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

FOLDER = Path(__file__).parent.parent / "golden" / "tokenizer"
PATTERNS = [
    r"\p{N}{1,3}",
    "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
    "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
]
SENTENCES = """the river runs past the old mill and under the stone bridge
count the words in this line, then print the sum of their lengths
for i in range(n): total += values[i] * weights[i]
if (left < right) { return middle(left, right); } else { return -1; }
what is the remainder of 123 divided by 7? the answer is 4.
a quiet morning; nobody speaks, the kettle sings, the window is open
int main(void) { printf("%d\\n", 6 * 7); return 0; }
larger models learn more slowly, but they forget less of what they learn
数学は楽しい。今日の天気は晴れです。
今天的天气很好，我们去河边散步。数学题的答案是四。
être où déjà naïve Straße größer überall señor mañana
большая река течёт мимо старой мельницы
aaaa aaaaaaa aaaaa aaaaaaaaaaa aaa ==== ======= === ==========
""".strip().split("\n")
UNREACHED = "zq"  # in the vocabulary, but no merge leads to it
HEAD = ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"]
LATE = ["｜DSML｜", "<think>", "</think>", "<｜User｜>", "<｜Assistant｜>"]
EARLY = ["<|EOT|>", "<thinking>", "<|EOT|>!"]
SPECIAL = set(HEAD) | {"｜DSML｜", "<|EOT|>"}
PARTS = HEAD + LATE + EARLY + [UNREACHED, "aaa", "aaaaa",
    " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "\u180e", "\u0085", "\u200b", "\u200d", "\x01", "\x7f",
    "the", " river", "Straße", "e\u0301", "\u0301", "ñ", "数学", "天气", "カタカナ", "ひら", "한국어", "river1", "İ",
    "1", "12", "1234567", "٣٤", "²", "Ⅷ", "௧", "𝟘", "😀", "👩\u200d👩\u200d👧", "\U0001fae8", "🇫🇷", "\U00031350",
    ".", "...", "'s", "'ll", "don't", "(x)", "->", "$x^2$", "\\frac{1}{2}", "\"", "<", "<｜", "<think", "｜>", "</",
    "a" * 40, "=" * 40, " " * 30, "\n" * 9, "\ufeff", "\ufffd", "\U0010ffff", "\ue000", "\u0378",
]


def split(pattern):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


def byte_level(**flags):
    return {"type": "ByteLevel", **flags}


def learn():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(p), "isolated") for p in PATTERNS]
        + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    trainer = trainers.BpeTrainer(vocab_size=519, show_progress=False, min_frequency=2,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(SENTENCES * 3, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    return sorted(model["vocab"], key=model["vocab"].get) + [UNREACHED], merges


def document(words, merges):
    ids = {token: i for i, token in enumerate(HEAD + words + LATE + EARLY)}
    added = [{"id": ids[t], "content": t, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": t in LATE, "special": t in SPECIAL} for t in HEAD + LATE + EARLY]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "Sequence", "normalizers": []},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split(p) for p in PATTERNS] + [
            byte_level(add_prefix_space=False, trim_offsets=True, use_regex=False)]},
        "post_processor": byte_level(add_prefix_space=True, trim_offsets=False, use_regex=True),
        "decoder": byte_level(add_prefix_space=True, trim_offsets=True, use_regex=True),
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
                  "vocab": {t: ids[t] for t in HEAD + words}, "merges": merges},
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    doc = document(*learn())
    text = json.dumps(doc, ensure_ascii=False, indent=0)
    (FOLDER / "tokenizer.json").write_text(text + "\n", encoding="utf-8")
    special = Tokenizer.from_str(text)
    plain = Tokenizer.from_str(json.dumps({**doc, "added_tokens": []}, ensure_ascii=False))
    rng = random.Random(7)
    texts = SENTENCES + PARTS + ["".join(rng.choices(PARTS, k=rng.randint(2, 9))) for _ in range(120)]
    with open(FOLDER / "cases.jsonl", "w", encoding="utf-8") as out:
        for t in texts:
            case = {"text": t, "special": special.encode(t, add_special_tokens=False).ids,
                    "plain": plain.encode(t, add_special_tokens=False).ids}
            out.write(json.dumps(case, separators=(",", ":")) + "\n")
    print(len(texts), "cases,", len(text), "bytes of tokenizer.json")


if __name__ == "__main__":
    main()
