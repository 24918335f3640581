#!/usr/bin/env python3
"""The shipped tiny model in public `transformers`: same greedy tokens as elsewhere, and the golden file.

    python3 tests/reference/tiny_check.py [--podium build/release/podium] [--write-golden]

Needs torch, transformers (with deepseek_v32), tokenizers, safetensors. Three readers of one folder are compared on a
few prompts, greedily: transformers, the training code (assets/tiny/model.py) and, when given, podium.

How transformers is used, and where it differs from the model's published forward pass:
  - FP8 weights are multiplied out to float32 beforehand (fp8 * weight_scale_inv) into a temporary folder, since its FP8
    path needs a GPU; everything is then computed in float32. That is podium's quant=none.
  - Rotary layouts agree: interleaved pairs in the attention, split halves in the indexer. Nothing is patched.
  - It leaves out the indexer's Hadamard rotation and FP8 rounding. The rotation changes no score; the rounding is the
    only part of quant=fp8 that this check cannot see.
  - It has no multi-token layer: the tensors of `model.layers.4` are left out of the temporary folder.
  - Equal indexer scores: torch.topk picks any, podium the lower position. Real scores do not tie.

--write-golden stores prompts, greedy continuations and the 20 largest logits after each prompt and at the end of its
continuation in assets/tiny/golden.json, for a test in C.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "assets", "tiny"))

import export  # noqa: E402
from train import ASSISTANT, BEGIN, USER  # noqa: E402

BOX = "\nPut your final answer in \\boxed{}."
PROMPTS = ["What is 17+5*(12-9)?" + BOX, "What is the remainder when 415 is divided by 7?" + BOX,
           "Find the greatest common divisor of 28 and 36." + BOX, "Solve for x: 4x-9=27." + BOX,
           "Read n, then n integers. Print the sum of the numbers that are greater than 12.\nWrite a C++ program.",
           "Read one line of text. Print it with every a replaced by e.\nWrite a Python program."]


def in_transformers(folder):
    """The folder as a transformers model in float32."""
    from transformers import AutoModelForCausalLM

    with open(os.path.join(folder, "config.json"), encoding="utf-8") as f:
        config = json.load(f)
    del config["quantization_config"]
    config["torch_dtype"] = "float32"
    mtp = f"model.layers.{config['num_hidden_layers']}."
    with tempfile.TemporaryDirectory() as plain:
        export.write_json(plain, "config.json", config)
        tensors = {n: t.contiguous() for n, t in export.read_tensors(folder).items() if not n.startswith(mtp)}
        save_file(tensors, os.path.join(plain, "model.safetensors"), {"format": "pt"})
        model, info = AutoModelForCausalLM.from_pretrained(plain, dtype=torch.float32, output_loading_info=True,
                                                           attn_implementation="eager")
    assert not info["missing_keys"] and not info["unexpected_keys"] and not info["mismatched_keys"], info
    return model.eval()


@torch.no_grad()
def ours_logits(model, ids):
    t = torch.tensor([ids])
    n = t.shape[1]
    h, _ = model.hidden(t, torch.arange(n)[None], torch.ones(1, n, n, dtype=torch.bool).tril())
    return model.logits(h)[0]


@torch.no_grad()
def theirs_logits(model, ids):
    return model(torch.tensor([ids]), use_cache=False).logits[0]


def greedy(logits_of, ids, n, eos=1):
    """Continuation of up to n ids, whole sequence computed anew for every token: slow and without a cache to trust."""
    out = []
    while len(out) < n and (not out or out[-1] != eos):
        out.append(int(logits_of(ids + out)[-1].argmax()))
    return out


def podium_ids(program, folder, text):
    """Ids that `podium generate` gives greedily for one user message."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump([{"role": "user", "content": text}], f)
        f.flush()
        got = subprocess.run([program, "generate", "--model", folder, "--messages", f.name, "--mode", "thinking",
                              "--temperature", "0", "--max-tokens", "200", "--json"], capture_output=True, check=True)
    return json.loads(got.stdout)["samples"][0]["tokens"]


def top(logits, n=20):
    values, ids = logits.topk(n)
    return {"ids": ids.tolist(), "values": [float(v) for v in values]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", default=os.path.join(ROOT, "assets", "tiny"))
    parser.add_argument("--podium", help="path of the podium program, to compare it too")
    parser.add_argument("--write-golden", action="store_true")
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(os.path.join(args.folder, "tokenizer.json"))
    theirs, ours, golden, worst, same = in_transformers(args.folder), export.read_folder(args.folder), [], 0.0, True
    for text in PROMPTS:
        ids = tokenizer.encode(BEGIN + USER + text + ASSISTANT, add_special_tokens=False).ids
        out = greedy(lambda x: theirs_logits(theirs, x), ids, 200)
        a, b = theirs_logits(theirs, ids + out), ours_logits(ours, ids + out)
        worst = max(worst, float((a - b).abs().max() / a.abs().max()))
        other = {"model.py": greedy(lambda x: ours_logits(ours, x), ids, 200)}
        if args.podium:
            other["podium"] = podium_ids(args.podium, args.folder, text)
        for name, got in other.items():
            agree = [t for t in got if t != 1] == [t for t in out if t != 1]
            same &= agree
            print(f"{name}: {'same' if agree else 'DIFFERENT'} {len(out)} tokens for {text.splitlines()[0]!r}")
        print("   ", repr(tokenizer.decode(out, skip_special_tokens=False)))
        golden.append({"prompt": text, "prompt_ids": ids, "greedy_ids": out,
                       "logits_after_prompt": top(a[len(ids) - 1]), "logits_at_end": top(a[-1])})
    print("largest difference of logits to model.py, relative to the largest logit:", worst)
    if args.write_golden:
        note = "transformers deepseek_v32, float32, weights dequantised; written by tests/reference/tiny_check.py"
        with open(os.path.join(args.folder, "golden.json"), "w", encoding="utf-8") as f:
            json.dump({"source": note, "cases": golden}, f, ensure_ascii=False, indent=1)
            f.write("\n")
    if not same or worst > 1e-4:
        sys.exit("tiny_check: readers disagree")


if __name__ == "__main__":
    main()
