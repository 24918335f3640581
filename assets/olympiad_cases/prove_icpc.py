"""The Kattis half of prove.py: problem packages, legacy and 2025-09."""
import os
import re
import shutil
import subprocess
import tempfile
import time

from prove import MARGIN, SUFFIX, build, files_of, limits, read, run


def yaml(path, text=""):
    """The little of YAML that these packages use: maps of scalars and of one-line lists, one level deep."""
    top, inner = {}, None
    if path is not None and os.path.exists(path):
        text = read(path).decode()
    for line in text.splitlines():
        if not line.strip() or line.strip().startswith("#"):
            continue
        key, value = (x.strip() for x in line.split(":", 1))
        value = value.strip("'\"")
        if value.startswith("["):
            value = [v.strip() for v in value[1:-1].split(",") if v.strip()]
        if line.startswith(" "):
            inner[key] = value
        elif value == "":
            inner = top[key] = {}
        else:
            top[key] = value
    return top


def same_tokens(rule, answer, output):
    """The default validator. rule: absolute and relative tolerance or None."""
    a, s = answer.split(), output.split()
    if len(a) != len(s):
        return False
    for x, y in zip(a, s):
        if rule and re.fullmatch(rb"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?", x):
            if not re.fullmatch(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", y):
                return False
            x, y = float(x), float(y)
            if not abs(x - y) <= rule and not abs(x - y) <= rule * abs(x):
                return False
        elif x.lower() != y.lower():
            return False
    return True


class Kattis:
    def __init__(self, folder, work):
        self.folder, self.work = folder, work
        self.problem = yaml(os.path.join(folder, "problem.yaml"))
        self.is_new = "problem_format_version" in self.problem
        self.limit = self.time_limit()
        spec = self.problem.get("limits", {})
        self.memory, self.output = int(spec.get("memory", 1024)), int(spec.get("output", 8))
        self.validation = self.problem.get("validation", "default")
        kinds = self.problem.get("type", "pass-fail")
        self.has_score = "scoring" in kinds
        self.is_interactive = "interactive" in self.validation or "interactive" in kinds
        self.passes = int(spec.get("validation_passes", 2)) if "multi-pass" in kinds else 1
        parts = os.path.join(folder, "output_validator" if self.is_new else "output_validators")
        programs = [parts] if self.is_new else [os.path.join(parts, n) for n in sorted(os.listdir(parts))] \
            if os.path.isdir(parts) else []
        self.validators = [self.program(p) for p in programs if os.path.exists(p)]
        grader = os.path.join(folder, "graders")
        self.grader = self.program(os.path.join(grader, os.listdir(grader)[0])) if os.path.isdir(grader) else None
        self.flags = flags = self.problem.get("validator_flags", "").split()
        self.tolerance = float(flags[flags.index("float_tolerance") + 1]) if "float_tolerance" in flags else None
        self.check_inputs()

    def program(self, path):
        """Its command; one with a script `build` or `run` is built in a copy, by that."""
        name = os.path.basename(path)
        if not os.path.exists(os.path.join(path, "build")) and not os.path.exists(os.path.join(path, "run")):
            return build(files_of(path), os.path.join(self.work, "program-" + name))
        copy = os.path.join(self.work, "scripts-" + name)
        shutil.copytree(path, copy)
        if os.path.exists(os.path.join(copy, "build")):
            subprocess.run(["./build"], cwd=copy, check=True)
        return [os.path.join(copy, "run")]

    def time_limit(self):
        for name in (".timelimit", "domjudge-problem.ini"):
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                return float(re.search(rb"[\d.]+", read(path)).group())
        return float(self.problem.get("limits", {}).get("time_limit", 2))  # the queue has none: to be derived

    def check_inputs(self):
        validator = build(files_of(os.path.join(self.folder, "input_validators")), os.path.join(self.work, "input"))
        for root, _, names in os.walk(os.path.join(self.folder, "data")):
            for name in names:
                if name.endswith(".in"):
                    code = subprocess.run(validator, input=read(root, name)).returncode
                    assert code == 42, (root, name, code)

    def build(self, solution, work):
        files = files_of(os.path.join(self.folder, solution))
        return build({n: t for n, t in files.items() if os.path.splitext(n)[1] in list(SUFFIX) + [".h"]}, work)

    def validate(self, source, base, end, flags, feedback):
        """(verdict, score said or None, multiplier or None) of an output."""
        if not self.validators:
            return ("AC" if same_tokens(self.tolerance, read(base + ".ans"), end.out) else "WA"), None, None
        for validator in self.validators:
            p = subprocess.run(validator + [source, base + ".ans", feedback + "/"] + self.flags + flags,
                               input=end.out, stdout=subprocess.DEVNULL, timeout=60)
            said = self.verdict_of(p.returncode, feedback)
            if said[0] != "AC":
                break
        return said

    @staticmethod
    def verdict_of(code, feedback):
        assert code in (42, 43), "validator ended with %d" % code
        said = []
        for name in ("score.txt", "score_multiplier.txt"):
            path = os.path.join(feedback, name)
            said.append(float(read(path)) if os.path.exists(path) and code == 42 else None)
        return ("AC" if code == 42 else "WA"), said[0], said[1]

    def interact(self, program, source, base, flags, feedback):
        """Both joined by pipes whose ends stay open here until their owner is gone."""
        down, up = os.pipe(), os.pipe()
        started = time.monotonic()
        judge = subprocess.Popen(self.validators[0] + [source, base + ".ans", feedback + "/"] + self.flags + flags,
                                 stdin=up[0], stdout=down[1], stderr=subprocess.DEVNULL)
        is_java = program[0] == "java"
        user = subprocess.Popen(program, stdin=down[0], stdout=up[1], stderr=subprocess.DEVNULL,
                                preexec_fn=limits(self.limit, is_java))
        os.close(down[0])
        os.close(up[1])
        os.close(down[1])
        verdict = None
        while verdict is None and user.poll() is None:
            if judge.poll() == 43:
                verdict = "WA"
            elif time.monotonic() - started > self.limit * MARGIN * 2:
                verdict = "TLE"
            time.sleep(0.005)
        code = user.poll()
        if code is None:
            user.kill()
            user.wait()
        os.close(up[0])
        if verdict == "TLE":
            judge.kill()
            judge.wait()
            return "TLE", None, None
        judge.wait(timeout=30)
        said = self.verdict_of(judge.returncode, feedback)
        if verdict == "WA" or not code:
            return said
        return "RE", None, None

    def one_pass(self, program, source, base, flags, feedback):
        if self.is_interactive:
            return self.interact(program, source, base, flags, feedback)
        end = run(program, read(source), self.limit, self.memory, self.output)
        if end.verdict != "AC":
            return end.verdict, None, None
        return self.validate(source, base, end, flags, feedback)

    def judge_test(self, program, base, flags):
        """The last pass's word; feedback is kept from one to the next, but for the next input."""
        with tempfile.TemporaryDirectory() as feedback, tempfile.TemporaryDirectory() as inputs:
            source, wanted = base + ".in", os.path.join(feedback, "nextpass.in")
            for i in range(self.passes):
                said = self.one_pass(program, source, base, flags, feedback)
                assert not os.path.exists(wanted) or self.passes > 1, "a next pass of a problem of one"
                assert not os.path.exists(wanted) or said[0] == "AC", "a next pass after a rejection"
                if not os.path.exists(wanted):
                    return said
                source = os.path.join(inputs, str(i))
                shutil.move(wanted, source)
            assert False, "more than %d passes" % self.passes

    # Groups of the legacy format

    def legacy_group(self, path, inherited, known):
        """(verdict, score, {group: (verdict, score)})"""
        own = dict(inherited, **yaml(os.path.join(path, "testdata.yaml")))
        flags = own.get("grader_flags", "").split()
        rows, groups = [], {}
        for name in sorted(os.listdir(path), key=os.fsencode):
            inner = os.path.join(path, name)
            if os.path.isdir(inner):
                verdict, score, below = self.legacy_group(inner, own, known)
                groups.update(below)
                groups[os.path.relpath(inner, os.path.join(self.folder, "data"))] = (verdict, score)
            elif name.endswith(".in"):
                verdict, said, _ = known(inner[:-3], own.get("output_validator_flags", "").split())
                score = float(own.get("accept_score", 1)) if verdict == "AC" else float(own.get("reject_score", 0))
                score = said if said is not None else score
            else:
                continue
            rows.append((verdict, score))
            if verdict != "AC" and own.get("on_reject", "break") == "break":
                break
        if "ignore_sample" in flags:
            rows = rows[1:2]
        if own.get("grading") == "custom":
            verdict, score = self.custom(flags, rows)
            return verdict, score, groups
        scores = [r[1] for r in rows]
        score = min(scores) if "min" in flags else max(scores) if "max" in flags else sum(scores)
        bad = [r[0] for r in rows if r[0] != "AC"]
        order = ["RE", "MLE", "TLE", "OLE", "WA"]
        verdict = "AC" if not bad else bad[0] if "first_error" in flags else min(bad, key=order.index)
        if "accept_if_any_accepted" in flags and len(bad) < len(rows) or "always_accept" in flags:
            verdict = "AC"
        return verdict, score, groups

    def custom(self, flags, rows):
        codes = {"AC": "AC", "WA": "WA", "TLE": "TLE"}
        lines = "".join("%s %s\n" % (codes.get(v, "RTE"), s) for v, s in rows)
        p = subprocess.run(self.grader + flags, input=lines.encode(), stdout=subprocess.PIPE, check=True)
        code, score = p.stdout.decode().split()
        if code == "AC":
            return "AC", float(score)
        return next(v for v, _ in rows if codes.get(v, "RTE") == code), 0

    # Groups of 2025-09

    def new_group(self, path, known, passed):
        own = yaml(os.path.join(path, "test_group.yaml"))
        how, most = own.get("score_aggregation", "pass-fail"), float(own.get("max_score", "nan"))
        bases = sorted(os.path.join(path, n[:-3]) for n in os.listdir(path) if n.endswith(".in"))
        needs = own.get("require_pass", [])
        if not all(passed.get(g) for g in ([needs] if isinstance(needs, str) else needs)):
            return "--", 0
        worth = most if how == "min" else most / len(bases)
        verdicts, scores = [], []
        for base in bases:
            verdict, said, part = known(base, own.get("output_validator_args", []))
            assert how != "pass-fail" or said is None and part is None
            verdicts.append(verdict)
            scores.append(0 if verdict != "AC" else said if said is not None else worth * (1 if part is None else part))
        verdict = next((v for v in verdicts if v != "AC"), "AC")
        if how == "pass-fail":
            return verdict, most if verdict == "AC" else 0
        return verdict, min(scores) if how == "min" else sum(scores)

    def new_root(self, known):
        data = os.path.join(self.folder, "data")
        passed, result, total = {}, {}, 0
        groups = ["secret/" + n for n in sorted(os.listdir(os.path.join(data, "secret")))
                  if os.path.isdir(os.path.join(data, "secret", n))]
        for name in ["sample"] + (groups or ["secret"]):
            verdict, score = self.new_group(os.path.join(data, name), known, passed)
            passed[name] = verdict == "AC"
            result[name] = (verdict, 0 if name == "sample" else score)
            total += result[name][1]
        verdict = next((v for v, _ in result.values() if v not in ("AC", "--")), "AC")
        return verdict, total, result

    def judge_solution(self, solution, _):
        os.makedirs(self.work, exist_ok=True)
        program, done = self.build(solution, tempfile.mkdtemp(dir=self.work)), {}

        def known(base, flags):
            base = os.path.join(os.path.dirname(base), os.path.basename(base))
            key = (os.path.realpath(base + ".in"), tuple(flags))
            if key not in done:
                done[key] = self.judge_test(program, base, flags)
            return done[key]

        if self.is_new:
            verdict, score, groups = self.new_root(known)
        else:
            verdict, score, groups = self.legacy_group(os.path.join(self.folder, "data"), {}, known)
        result = {"verdict": verdict}
        if self.has_score:
            result["score"] = round(score, 6)
            result["subtasks"] = {g: {"verdict": v, "score": round(s, 6)} for g, (v, s) in groups.items()
                                  if g.count("/") == 1}
        return result
