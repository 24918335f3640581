#!/usr/bin/env python3
"""Train the tiny model on the CPU: python3 assets/tiny/train.py --work /tmp/tiny

Stages are shares of the time budget (--minutes), so the recipe fits whatever machine it is given:

  0.00  dense attention, everything but indexer and multi-token layer
  0.45  the indexer learns to imitate the attention (KL), attention still dense
  0.55  attention over the selected tokens only; the indexer goes on learning on the selected set
  0.70  weights are seen as they will be stored (FP8 blocks, BF16)
  0.90  the multi-token-prediction layer learns, the rest does not feel it

The learning rate is flat until 0.60, then falls linearly. Only completions are learned, never prompts; every
problem drawn is asserted to be on the TRAIN side of the split. The work folder gets log.txt and checkpoint.pt
(written every minute; starting again with the same folder goes on from it).
"""

import argparse
import os
import random
import time

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import gen
import gen_arith
import gen_programs
from model import CONFIG, Model, Weights, sample
from optim import Adam, Muon

BEGIN, USER, ASSISTANT, END = "<｜begin▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜><think>", "<｜end▁of▁sentence｜>"
INDEX_FROM, SPARSE_FROM, QUANT_FROM, MTP_FROM, FALL_FROM = 0.45, 0.55, 0.70, 0.90, 0.60


# ------------------------------------------------------------------------------------------ data

def encode_prompt(tokenizer, text):
    return tokenizer.encode(BEGIN + USER + text + ASSISTANT, add_special_tokens=False).ids


def draw_pairs(tokenizer, rng, n, program_share):
    pairs = [gen.training_pair(rng, program_share) for _ in range(n)]
    for _, _, key in pairs:
        assert not gen.in_test(key), key
    prompts = tokenizer.encode_batch([BEGIN + USER + p + ASSISTANT for p, _, _ in pairs], add_special_tokens=False)
    answers = tokenizer.encode_batch([c + END for _, c, _ in pairs], add_special_tokens=False)
    return [(p.ids, a.ids) for p, a in zip(prompts, answers)]


def steps(tokenizer, rng, args):
    """Forever: one optimiser step's samples, packed."""
    while True:
        pairs = draw_pairs(tokenizer, rng, 40 * args.samples, args.program_share)
        for i in range(0, len(pairs), args.samples):
            yield pack(pairs[i : i + args.samples])


def pack(pairs, width=160):
    """(ids, learn, document, position), all [B, width]: several samples share a row, longest first.

    learn marks positions whose next token is part of a completion; positions start anew in every sample, and
    attention is kept inside the document."""
    rows = []
    for p, a in sorted(pairs, key=lambda x: -len(x[0]) - len(x[1])):
        row = next((r for r in rows if r["used"] + len(p) + len(a) <= width), None)
        if row is None:
            row = {"used": 0, "ids": [0] * width, "learn": [False] * width, "doc": [-1] * width, "pos": [0] * width}
            rows.append(row)
        start, n = row["used"], len(p) + len(a)
        row["ids"][start : start + n] = p + a
        row["learn"][start + len(p) - 1 : start + n - 1] = [True] * len(a)
        row["doc"][start : start + n] = [start] * n
        row["pos"][start : start + n] = range(n)
        row["used"] += n
    return tuple(torch.tensor([r[k] for r in rows]) for k in ("ids", "learn", "doc", "pos"))


# ---------------------------------------------------------------------------------- optimisation

def split_parameters(model):
    """(Muon's matrices, Adam's groups)."""
    muon, groups = [], {"embed": [], "head": [], "indexer": [], "experts": [], "other": []}
    for name, p in model.named_parameters():
        if name in ("embed", "head"):
            groups[name].append(p)
        elif "indexer" in name:
            groups["indexer"].append(p)
        elif p.ndim == 3:
            groups["experts"].append(p)
        elif p.ndim >= 2 and not name.endswith("gate"):
            muon.append(p)
        else:
            groups["other"].append(p)
    rates = {"embed": 4e-3, "head": 2e-3, "indexer": 2e-3, "experts": 2e-3, "other": 2e-3}
    return muon, [(ps, rates[k]) for k, ps in groups.items()]


def rate(progress):
    if progress < FALL_FROM:
        return min(1.0, progress / 0.01 + 0.02)
    return max(0.02, 1 - 0.98 * (progress - FALL_FROM) / (0.99 - FALL_FROM))


def balance(model, speed):
    """Move each expert's selection bias towards equal load."""
    for layer in list(model.layers) + [model.mtp.layer]:
        if hasattr(layer.mlp, "load") and layer.mlp.load.sum() > 0:
            load = layer.mlp.load
            layer.mlp.bias += speed * torch.sign(load.mean() - load)
            layer.mlp.last_load = load / load.sum()
            load.zero_()


def train_step(model, batch, progress):
    """Gradients of one step; returns (loss a token, indexer loss, multi-token loss)."""
    ids, learn, doc, pos = batch
    width, want_index = ids.shape[1], progress >= INDEX_FROM
    mask = torch.ones(width, width, dtype=torch.bool).tril() & (doc[:, :, None] == doc[:, None, :])
    h, index_loss = model.hidden(ids, pos, mask, want_index)
    target = ids.roll(-1, 1)
    loss = F.cross_entropy(model.logits(h[learn]), target[learn])
    ahead, extra = torch.zeros(()), torch.zeros(())
    if progress >= MTP_FROM:
        logits, extra = model.next_logits(h, ids, pos, mask, True)
        far = learn[:, 1:] & learn[:, :-1]  # the token after next is still in the completion
        ahead = F.cross_entropy(logits[far], target[:, 1:][far])
    (loss + 0.5 * (index_loss + extra) + ahead).backward()
    return loss.item(), float(torch.as_tensor(index_loss).detach()), ahead.item()


# ------------------------------------------------------------------------------------ evaluation

def evaluation_set(n_each, n_programs):
    """Fixed problems of the TRAIN side, drawn with another seed; the test side is kept for the end."""
    rng = random.Random(777)
    arith = [gen.draw(rng, maker, False) for maker in gen_arith.KINDS.values() for _ in range(n_each)]
    return arith, [gen.draw(rng, gen_programs.program, False) for _ in range(n_programs)]


def evaluate(model, tokenizer, problems, seed):
    """Share of right answers by kind; a program counts when it is the taught one, character by character."""
    arith, programs = problems
    items = [(i, gen_arith) for i in arith] + [(i, gen_programs) for i in programs]
    prompts = [encode_prompt(tokenizer, source.prompt(i)) for i, source in items]
    right, texts = {}, []
    for (item, source), ids in zip(items, sample(model, prompts, 160, seed=seed)):
        text = "" if ids is None else tokenizer.decode(ids, skip_special_tokens=False)
        if source is gen_arith:
            kind, ok = item["kind"], text.endswith(f"\\boxed{{{item['answer']}}}.")
        else:
            kind, ok = "program", text.endswith(source.completion(item).split("</think>")[1])
        right.setdefault(kind, []).append(ok)
        texts.append((ok, item["problem"], text))
    return {k: sum(v) / len(v) for k, v in right.items()}, texts


# ------------------------------------------------------------------------------------------ main

class Run:
    def __init__(self, args):
        self.args, self.rng = args, random.Random(args.seed)
        torch.manual_seed(args.seed)
        torch.set_num_threads(args.threads)
        os.makedirs(args.work, exist_ok=True)
        self.tokenizer = Tokenizer.from_file(args.tokenizer)
        self.model = Model(CONFIG)
        muon, groups = split_parameters(self.model)
        self.muon, self.adam = Muon(muon), Adam(groups)
        self.spent, self.step, self.tokens = 0.0, 0, 0
        self.path = os.path.join(args.work, "checkpoint.pt")
        if os.path.exists(self.path):
            self.load()

    def load(self):
        kept = torch.load(self.path, weights_only=False)
        self.model.load_state_dict(kept["model"])
        for mine, saved in zip(self.muon.state, kept["muon"]):
            mine.copy_(saved)
        for (_, _, m, v), (m2, v2) in zip(self.adam.items, kept["adam"]):
            m.copy_(m2), v.copy_(v2)
        self.adam.steps, self.spent = kept["adam_steps"], kept["spent"]
        self.step, self.tokens = kept["step"], kept["tokens"]
        self.rng = random.Random(self.args.seed + self.step)

    def save(self):
        torch.save({"model": self.model.state_dict(), "muon": self.muon.state, "adam_steps": self.adam.steps,
                    "adam": [(m, v) for _, _, m, v in self.adam.items], "spent": self.spent, "step": self.step,
                    "tokens": self.tokens, "sparse": self.model.sparse}, self.path + ".new")
        os.replace(self.path + ".new", self.path)

    def log(self, text):
        line = f"{time.strftime('%H:%M:%S')} {text}"
        print(line, flush=True)
        with open(os.path.join(self.args.work, "log.txt"), "a") as f:
            f.write(line + "\n")

    def check(self):
        self.model.eval()
        scores, texts = evaluate(self.model, self.tokenizer, self.problems, self.step)
        self.model.train()
        self.log("eval " + " ".join(f"{k} {v:.2f}" for k, v in scores.items()))
        for _, problem, text in [t for t in texts if not t[0]][:6]:
            self.log(f"  wrong: {problem!r} -> {text!r}")

    def go(self):
        budget = self.args.minutes * 60
        self.problems = evaluation_set(32, 32)
        source, last_save, last_check = steps(self.tokenizer, self.rng, self.args), self.spent, self.spent
        seen, sums = 0, [0.0, 0.0, 0.0]
        while self.spent < budget:
            began, progress = time.time(), self.spent / budget
            self.model.sparse, Weights.quantise = progress >= SPARSE_FROM, progress >= QUANT_FROM
            batch = next(source)
            for i, x in enumerate(train_step(self.model, batch, progress)):
                sums[i] += x
            self.muon.step(self.args.rate * rate(progress))
            self.adam.step(self.args.adam * rate(progress))
            balance(self.model, 0.002 * rate(progress))
            self.model.zero_grad()
            self.step, seen = self.step + 1, seen + 1
            self.tokens += int((batch[2] >= 0).sum())
            self.spent += time.time() - began
            if self.step % 50 == 0 or self.step < 5:
                load = max(float(m.last_load.max()) for m in (l.mlp for l in self.model.layers) if hasattr(m, "last_load"))
                self.log(f"step {self.step} {progress:.3f} loss {sums[0] / seen:.4f} index {sums[1] / seen:.4f} "
                         f"ahead {sums[2] / seen:.4f} tokens {self.tokens / 1e6:.2f}M {self.tokens / self.spent:.0f}/s "
                         f"busiest expert {load:.2f}")
                seen, sums = 0, [0.0, 0.0, 0.0]
            if self.spent - last_save > 60:
                last_save = self.spent
                self.save()
            if self.spent - last_check > self.args.check * 60:
                last_check = self.spent
                self.check()
        self.save()
        self.check()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=78)
    parser.add_argument("--work", required=True, help="folder for log.txt and checkpoint.pt")
    parser.add_argument("--tokenizer", default=os.path.join(here, "tokenizer.json"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--samples", type=int, default=40, help="problems an optimiser step")
    parser.add_argument("--program-share", type=float, default=0.2)
    parser.add_argument("--rate", type=float, default=0.005, help="Muon's learning rate")
    parser.add_argument("--adam", type=float, default=0.4, help="factor on Adam's learning rates")
    parser.add_argument("--check", type=float, default=7, help="minutes between evaluations")
    parser.add_argument("--seed", type=int, default=1)
    Run(parser.parse_args()).go()


if __name__ == "__main__":
    main()
