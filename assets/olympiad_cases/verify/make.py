"""Makes the submissions of this folder from the solutions of ../ioi and ../icpc, and checks EXPECTED.json and
CONTEST_EXPECTED.json, which are written by hand, against ../expected.json."""
import json
import os
import shutil

HERE = os.path.dirname(os.path.abspath(__file__))
LANGUAGE = {".cpp": "cpp", ".py": "python", ".java": "java"}
IOI = [("orchard", "quadratic.cpp"), ("ridge", "ends.cpp"), ("orchard", "pairs.py"), ("postcard", "two_bits.java"),
       ("ridge", "slope.cpp"), ("postcard", "one_bit.cpp"), ("orchard", "greedy.java"), ("ridge", "sections.py")]
CONTEST = [("basins", "wrong_answer/two_decimals.py", 12), ("queue", "accepted/backtrack.py", 20),
           ("basins", "run_time_error/right_with_exit_one.py", 31), ("basins", "accepted/Level.java", 47),
           ("streak", "time_limit_exceeded/quadratic.cpp", 60), ("well", "time_limit_exceeded/no_flush.cpp", 75),
           ("well", "accepted/bisect.cpp", 93), ("streak", "wrong_answer/narrow.cpp", 118),
           ("basins", "wrong_answer/silent.py", 130), ("streak", None, 140)]
BROKEN = "int main() { return 0 }\n"  # does not compile


def text(*path):
    with open(os.path.join(HERE, "..", *path)) as f:
        return f.read()


def dump(name, value):
    with open(os.path.join(HERE, name), "w") as f:
        json.dump(value, f, indent=1)
        f.write("\n")


def language(file):
    return LANGUAGE[os.path.splitext(file)[1]]


def make_ioi():
    flat = [{"problem": p, "language": language(f), "code": text("ioi", p, "solution", f)} for p, f in IOI]
    dump("submissions.json", flat)
    nested = {}
    for s in flat:
        nested.setdefault(s["problem"], []).append({"language": s["language"], "code": s["code"]})
    dump("submissions_nested.json", nested)
    shutil.rmtree(os.path.join(HERE, "tree"))
    for p, f in IOI:
        os.makedirs(os.path.join(HERE, "tree", p), exist_ok=True)
        shutil.copy(os.path.join(HERE, "..", "ioi", p, "solution", f), os.path.join(HERE, "tree", p, f))


def check_ioi(known):
    want, total = json.loads(text("verify", "EXPECTED.json")), 0
    for p, value in want["problems"].items():
        best = {}
        for problem, f in IOI:
            for name, score in known["ioi/" + p]["solution/" + f]["subtasks"].items() if problem == p else ():
                best[name] = max(best.get(name, 0), score)
        assert best == value["subtasks"] and sum(best.values()) == value["score"], (p, best)
        total += value["score"]
    assert total == want["total"]


def make_contest():
    dump("contest.json", [{"problem": p, "language": language(f) if f else "cpp", "minutes": minutes,
                           "code": text("icpc", p, "submissions", f) if f else BROKEN} for p, f, minutes in CONTEST])


def check_contest(known):
    want, wrong, solved, penalty = json.loads(text("verify", "CONTEST_EXPECTED.json")), {}, {}, 0
    for (p, f, minutes), verdict in zip(CONTEST, want["verdicts"], strict=True):
        assert verdict == (known["icpc/" + p]["submissions/" + f]["verdict"] if f else "CE")
        if p in solved:
            continue
        if verdict == "AC":
            solved[p] = minutes
            penalty += minutes + 20 * wrong.get(p, 0)
        elif verdict != "CE":
            wrong[p] = wrong.get(p, 0) + 1
    assert want["solved"] == len(solved) and want["penalty"] == penalty, (solved, penalty)


expected = json.loads(text("expected.json"))
make_ioi()
make_contest()
check_ioi(expected)
check_contest(expected)
