"""Makes input/ and output/ from gen/GEN. The answer, the least difference, is found by sets of sums."""
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))


def make(words):
    n, most, seed = map(int, words)
    dice = random.Random(seed)
    return "%d\n%s\n" % (n, " ".join(str(dice.randint(1, most)) for _ in range(n)))


def least(weights):
    sums = {0}
    for w in weights:
        sums = {s + w for s in sums} | {abs(s - w) for s in sums}
    return min(sums)


def main():
    tests = []
    for line in open(os.path.join(HERE, "gen", "GEN")):
        words, _, comment = line.partition("#")
        if comment.startswith("COPY:"):
            tests.append(open(os.path.join(HERE, comment[5:].strip())).read())
        elif words.split():
            tests.append(make(words.split()))
    for folder in ("input", "output"):
        os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    for i, text in enumerate(tests):
        with open(os.path.join(HERE, "input", "input%d.txt" % i), "w") as f:
            f.write(text)
        with open(os.path.join(HERE, "output", "output%d.txt" % i), "w") as f:
            f.write("%d\n" % least([int(w) for w in text.split()[1:]]))


main()
