"""Makes solution/: sets of output files by different methods. Needs tests/*.in and g++."""
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = {"0-01": "8 2 100 1", "0-02": "20 2 100000 2", "1-01": "24 3 1000 3", "1-02": "60 7 50000 4",
         "2-01": "400 10 1000000 5"}


def read(test):
    with open(os.path.join(HERE, "tests", test + ".in")) as f:
        numbers = list(map(int, f.read().split()))
    return numbers[1], numbers[2:]


def write(method, test, text):
    folder = os.path.join(HERE, "solution", method)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "output_%s.txt" % test), "w") as f:
        f.write(text)


def lightest(k, weights, order):
    loads, trucks = [0] * k, [0] * len(weights)
    for i in order:
        t = loads.index(min(loads))
        loads[t] += weights[i]
        trucks[i] = t + 1
    return " ".join(map(str, trucks)) + "\n"


def halves(weights):
    """Two trucks exactly: which sums can be reached, and how."""
    half, by = sum(weights) // 2, {0: None}
    for i, w in enumerate(weights):
        for s in sorted(by, reverse=True):
            if s + w <= half and s + w not in by:
                by[s + w] = i
    trucks, s = [2] * len(weights), max(by)
    while s:
        trucks[by[s]] = 1
        s -= weights[by[s]]
    return " ".join(map(str, trucks)) + "\n"


def main():
    hidden = {}
    with tempfile.TemporaryDirectory() as work:
        program = os.path.join(work, "crates")
        subprocess.run(["g++", "-O2", "-o", program, os.path.join(HERE, "gen", "crates.cpp")], check=True)
        for test, args in TESTS.items():
            hidden[test] = subprocess.run([program] + args.split() + ["answer"], check=True, text=True,
                                          stdout=subprocess.PIPE).stdout
    for test in TESTS:
        k, weights = read(test)
        order = sorted(range(len(weights)), key=lambda i: -weights[i])
        write("best", test, hidden[test])
        write("heaviest_first", test, halves(weights) if k == 2 else lightest(k, weights, order))
        write("as_they_come", test, lightest(k, weights, range(len(weights))))
        write("one_truck", test, " ".join("1" * len(weights)) + "\n")
    for test in ("0-01", "0-02", "1-01"):
        k, weights = read(test)
        write("only_pair", test, halves(weights) if k == 2 else hidden[test])
    words = {test: text.split() for test, text in hidden.items()}
    write("broken", "0-01", " ".join(words["0-01"][:-1]) + "\n")
    write("broken", "0-02", hidden["0-02"] + "1\n")
    write("broken", "1-01", " ".join(["0"] + words["1-01"][1:]) + "\n")
    write("broken", "1-02", "1.0\nAC\n" + hidden["1-02"])
    write("broken", "2-01", "\n\n  " + "\r\n".join(words["2-01"]))


main()
