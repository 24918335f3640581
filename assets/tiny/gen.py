#!/usr/bin/env python3
"""Problems for the tiny model, split into training and test by a hash, and the two suites made of the test side.

The split. Every problem has one key: its statement, and for a program the statement, a newline and
the language ("cpp" or "python"). The first byte of SHA-256(key in UTF-8) decides: below 16 the
problem is a TEST problem, else a TRAIN problem. One problem in sixteen is therefore never trained
on, whoever draws it and whenever. The wording of a statement is itself a function of its content
(gen_arith.wording, gen_programs.phrase), so no test problem is a training problem in other words.

Everything is a function of the seed. Run as a script it writes
  datasets/suites/arith.jsonl     200 test problems with answers
  datasets/suites/programs.jsonl   60 test problems with hidden tests
  datasets/suites/{arith,programs}.json   the suite definitions
  assets/tiny/train_sample.txt    500 training keys, one JSON string a line, for the disjointness test
and runs the taught programs of the whole programs suite on its tests (--no-run leaves that out).
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import tempfile

import gen_arith
import gen_programs

TEST_BELOW = 16  # of the 256 values of the first byte of the hash
SUITE_SEED = 20251201
SAMPLING = {"temperature": 1.0, "top_p": 0.95}


def key_of(item):
    return item["problem"] + ("\n" + item["language"] if "language" in item else "")


def in_test(key):
    return hashlib.sha256(key.encode("utf-8")).digest()[0] < TEST_BELOW


def draw(rng, maker, want_test):
    """Draw from maker until the problem falls on the wanted side of the split."""
    while True:
        item = maker(rng)
        if in_test(key_of(item)) == want_test:
            return item


def arith(rng, shares):
    return gen_arith.KINDS[rng.choices(list(shares), list(shares.values()))[0]](rng)


def training_pair(rng, program_share=0.3, shares=gen_arith.TRAIN_SHARES, bare_share=0.1):
    """(prompt, completion, key) of one TRAIN problem; shares are those of the arithmetic kinds.

    One arithmetic prompt in ten is the bare problem, for whoever just asks."""
    if rng.random() < program_share:
        item = draw(rng, gen_programs.program, False)
        return gen_programs.prompt(item), gen_programs.completion(item), key_of(item)
    item = draw(rng, lambda r: arith(r, shares), False)
    prompt = item["problem"] if rng.random() < bare_share else gen_arith.prompt(item)
    return prompt, gen_arith.completion(item), key_of(item)


# ---------------------------------------------------------------------------------------- suites

def distinct(rng, makers, n):
    """n different test problems, the makers taking turns."""
    found = {}
    while len(found) < n:
        item = draw(rng, makers[len(found) % len(makers)], True)
        found.setdefault(key_of(item), item)
    return list(found.values())


def arith_suite(rng):
    items = []
    for kind, share in gen_arith.SHARES.items():
        items += distinct(rng, [gen_arith.KINDS[kind]], 20 * share)
    rng.shuffle(items)
    return [{"id": f"arith-{i:03d}", "kind": item["kind"], "problem": item["problem"], "answer": item["answer"]}
            for i, item in enumerate(items, 1)]


def programs_suite(rng):
    """60 problems and, beside them, the taught program of each (for checking only)."""
    makers = [lambda r, make=make, lang=lang: make(r, lang)
              for make in gen_programs.MAKERS for lang in ("cpp", "python")]
    items = distinct(rng, makers, 60)
    rng.shuffle(items)
    rows = [{"id": f"programs-{i:03d}", "kind": item["kind"], "language": item["language"],
             "problem": item["problem"], "tests": gen_programs.tests_of(item, rng)}
            for i, item in enumerate(items, 1)]
    return rows, [item["code"] for item in items]


def definition(name, data, source, prompt, grader, fields, max_tokens, limits=None):
    out = {"name": name, "version": "1", "data": name + ".jsonl", "sha256": hashlib.sha256(data).hexdigest(),
           "source": source, "prompt": prompt, "mode": "thinking", "grader": grader, "fields": fields,
           "samples": 4, "sampling": {**SAMPLING, "max_tokens": max_tokens}}
    if "{language}" in prompt:
        out["labels"] = {"language": gen_programs.LANGUAGE_NAMES}
    return out if limits is None else {**out, "limits": limits}


def jsonl(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


# ----------------------------------------------------------------------- checking the taught code

def runs(row, code, folder):
    """True when the taught program prints the expected output on every test of the row."""
    if row["language"] == "cpp":
        source, program = os.path.join(folder, "p.cpp"), os.path.join(folder, "p")
        write(source, code.encode())
        subprocess.run(["g++", "-O0", "-std=c++17", "-o", program, source], check=True)
        command = [program]
    else:
        source = os.path.join(folder, "p.py")
        write(source, code.encode())
        command = ["python3", source]
    for test in row["tests"]:
        got = subprocess.run(command, input=test["in"].encode(), capture_output=True, timeout=10)
        if got.returncode != 0 or got.stdout.decode() != test["out"]:
            print(row["id"], "fails on", repr(test["in"]), "prints", got.stdout, got.stderr)
            return False
    return True


def main():
    parser = argparse.ArgumentParser(description="Write the suites of the tiny model.")
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    parser.add_argument("--no-run", action="store_true", help="do not run the taught programs on the tests")
    args = parser.parse_args()
    suites = os.path.join(args.root, "datasets", "suites")

    source = "assets/tiny/gen.py, seed %d, TEST side of the hash split" % SUITE_SEED
    rows = arith_suite(random.Random(SUITE_SEED))
    data = jsonl(rows)
    write(os.path.join(suites, "arith.jsonl"), data)
    text = definition("arith", data, source, "{problem}\nPut your final answer in \\boxed{}.", "math",
                      {"answer": "answer"}, 128)
    write(os.path.join(suites, "arith.json"), (json.dumps(text, indent=2) + "\n").encode())

    rows, codes = programs_suite(random.Random(SUITE_SEED + 1))
    data = jsonl(rows)
    write(os.path.join(suites, "programs.jsonl"), data)
    text = definition("programs", data, source, "{problem}\nWrite a {language} program.", "code",
                      {"tests": "tests", "language": "language"}, 192, {"time_ms": 2000, "memory_mb": 256})
    write(os.path.join(suites, "programs.json"), (json.dumps(text, indent=2) + "\n").encode())

    rng = random.Random(SUITE_SEED + 2)
    keys = [training_pair(rng)[2] for _ in range(500)]
    write(os.path.join(args.root, "assets", "tiny", "train_sample.txt"),
          "".join(json.dumps(key) + "\n" for key in keys).encode())
    if not args.no_run:
        with tempfile.TemporaryDirectory() as folder:
            failed = [row["id"] for row, code in zip(rows, codes) if not runs(row, code, folder)]
        print("taught programs run:", len(rows), "failed:", len(failed))


if __name__ == "__main__":
    main()
