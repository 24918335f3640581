#!/usr/bin/env python3
"""Score an exported tiny model on both suites with the PyTorch sampler: python3 assets/tiny/evaluate.py

Temperature 1.0, top_p 0.95, 4 samples an item, as the suites say. Programs are compiled and run on the hidden tests
without a sandbox: use it only on models trained by this recipe. podium's own `podium run` is the measure; this is the
trainer's check of it.
"""

import argparse
import collections
import json
import os
import re
import tempfile
import time

from tokenizers import Tokenizer

import export
import gen
from model import sample
from train import encode_prompt

HERE = os.path.dirname(os.path.abspath(__file__))


def read_suite(name):
    folder = os.path.join(HERE, "..", "..", "datasets", "suites")
    with open(os.path.join(folder, name + ".json"), encoding="utf-8") as f:
        suite = json.load(f)
    with open(os.path.join(folder, suite["data"]), encoding="utf-8") as f:
        return suite, [json.loads(line) for line in f]


def user_text(suite, row):
    language = {"cpp": "C++", "python": "Python"}.get(row.get("language"), "")
    return suite["prompt"].replace("{problem}", row["problem"]).replace("{language}", language)


def judge_math(row, reply):
    boxes = re.findall(r"\\boxed\{([^{}]*)\}", reply.split("</think>")[-1])
    return bool(boxes) and boxes[-1] == row["answer"]


def judge_code(row, reply):
    blocks = re.findall(r"```(\w+)\n(.*?)```", reply.split("</think>")[-1], re.S)
    if not blocks or blocks[-1][0] != row["language"]:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            return gen.runs(row, blocks[-1][1], folder)
        except Exception as error:  # does not compile, or runs too long
            print("   ", row["id"], type(error).__name__)
            return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", default=HERE)
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--dense", action="store_true", help="attend to all tokens instead of the selected ones")
    args = parser.parse_args()
    model, tokenizer = export.read_folder(args.folder), Tokenizer.from_file(os.path.join(args.folder, "tokenizer.json"))
    model.sparse = not args.dense
    for name, judge in (("arith", judge_math), ("programs", judge_code)):
        suite, rows = read_suite(name)
        prompts = [encode_prompt(tokenizer, user_text(suite, row)) for row in rows]
        by_kind, cut, n_tokens, known, began = collections.defaultdict(list), 0, 0, {}, time.time()
        for k in range(args.samples):
            replies = sample(model, prompts, suite["sampling"]["max_tokens"], seed=k, **{
                x: suite["sampling"][x] for x in ("temperature", "top_p")})
            for row, ids in zip(rows, replies):
                cut += ids is None
                n_tokens += len(ids or ())
                text = tokenizer.decode(ids or [], skip_special_tokens=False)
                if (row["id"], text) not in known:
                    known[row["id"], text] = judge(row, text)
                    if not known[row["id"], text]:
                        print("  wrong:", row["id"], repr(row["problem"]), repr(text))
                by_kind[row["kind"]].append(known[row["id"], text])
        every = [ok for oks in by_kind.values() for ok in oks]
        print(f"{name}: {sum(every) / len(every):.3f} of {len(every)} replies, {cut} cut off, "
              f"{n_tokens / len(every):.1f} tokens a reply, {time.time() - began:.0f} s")
        for kind, oks in sorted(by_kind.items()):
            print(f"  {kind:12s} {sum(oks) / len(oks):.3f} of {len(oks)}")


if __name__ == "__main__":
    main()
