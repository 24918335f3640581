#!/usr/bin/env python3
"""Train the tiny model's byte-level BPE and write tokenizer.json in the layout of the real model's file.

The file has the same parts as DeepSeek-V3.2's: three Split patterns and ByteLevel, string merges, the
real special tokens by their real names. Ids 0-2 are begin, end and padding; bytes and merges follow; the
other special tokens close the vocabulary. Merges are learned with every digit on its own, so a number is
a row of digit tokens although the first pattern takes digits in groups of three.
"""

import argparse
import json
import random

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

import gen
import gen_arith

VOCABULARY = 1024
HEAD = ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>"]
TAIL = ["｜DSML｜", "<｜search▁begin｜>", "<｜search▁end｜>", "<think>", "</think>",
        "<｜fim▁hole｜>", "<｜fim▁begin｜>", "<｜fim▁end｜>", "<｜User｜>", "<｜Assistant｜>", "<|EOT|>",
        "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>",
        "<｜tool▁outputs▁begin｜>", "<｜tool▁outputs▁end｜>", "<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>",
        "<｜tool▁sep｜>"]
PLAIN = set(TAIL[5:])  # as in the real file: not special (but for EOT), and normalized

DIGITS = r"\p{N}{1,3}"
CJK = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"
WORDS = ("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
         "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+")


def split_on(pattern):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


def byte_level(**options):
    return {"type": "ByteLevel", **options}


def learn(n_samples, seed):
    """Vocabulary (without special tokens) and merges."""
    rng = random.Random(seed)
    pairs = [gen.training_pair(rng, 0.6, gen_arith.SHARES)[:2] for _ in range(n_samples)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(p), "isolated") for p in (r"\p{N}", CJK, WORDS)]
        + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY - len(HEAD) - len(TAIL), show_progress=False, min_frequency=3,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    pieces = [part.replace("</think>", "\n") for pair in pairs for part in pair]
    tokenizer.train_from_iterator(pieces, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    return sorted(model["vocab"], key=model["vocab"].get), merges


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="tokenizer.json")
    parser.add_argument("--samples", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    words, merges = learn(args.samples, args.seed)
    fill = VOCABULARY - len(HEAD) - len(words) - len(TAIL)
    tail = [f"<｜place▁holder▁no▁{i}｜>" for i in range(fill)] + TAIL
    ids = {token: i for i, token in enumerate(HEAD + words + tail)}
    added = [{"id": ids[t], "content": t, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": t in PLAIN, "special": t not in PLAIN or t == "<|EOT|>"} for t in HEAD + tail]
    out = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "Sequence", "normalizers": []},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            split_on(DIGITS), split_on(CJK), split_on(WORDS),
            byte_level(add_prefix_space=False, trim_offsets=True, use_regex=False)]},
        "post_processor": byte_level(add_prefix_space=True, trim_offsets=False, use_regex=True),
        "decoder": byte_level(add_prefix_space=True, trim_offsets=True, use_regex=True),
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
                  "vocab": {t: ids[t] for t in HEAD + words}, "merges": merges},
    }
    with open(args.out, "w", encoding="utf-8") as f:
        json.dump(out, f, ensure_ascii=False, indent=1)
        f.write("\n")
    print("vocabulary", VOCABULARY, "merges", len(merges), "place holders", fill)


if __name__ == "__main__":
    main()
