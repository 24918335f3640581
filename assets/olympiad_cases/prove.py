"""Proves that every verdict written in expected.json is true, without podium.

    python3 prove.py                      every task: runs each solution, compares with expected.json
    python3 prove.py ioi/orchard icpc/x   only these
    python3 prove.py --generate [task]    makes tests of IOI tasks anew from gen/ and the model solution
    python3 prove.py --all                runs every test; else a subtask ends at its first zero

It is a judge without any protection, on purpose: subprocess, rlimits and nothing else, so that what it
says does not depend on the code it is a witness for. It asks for wide margins: what is accepted must
use at most a quarter of the time limit, and what is too slow must still run at four times the limit.
"""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MARGIN = 4
ADDRESS_SPACE = 1 << 30
SUFFIX = {".cpp": "cpp", ".cc": "cpp", ".py": "py", ".java": "java", ".c": "c"}
margins = []  # (cpu / limit, what) of every accepted run


def read(*path):
    with open(os.path.join(*path), "rb") as f:
        return f.read()


def load(*path):
    return json.loads(read(*path))


def language_of(name):
    return SUFFIX.get(os.path.splitext(name)[1])


# Programs


def files_of(path):
    """{name: bytes} of a file or of every file in a folder."""
    if os.path.isdir(path):
        return {n: read(path, n) for n in sorted(os.listdir(path)) if os.path.isfile(os.path.join(path, n))}
    return {os.path.basename(path): read(path)}


def build(files, work, main=None):
    """Compiles {name: bytes} in the folder work; returns the command that starts it."""
    os.makedirs(work, exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(work, name), "wb") as f:
            f.write(text)
    names = sorted(files, key=lambda n: (not n.startswith(("grader", "stub")), n))
    language = next(filter(None, map(language_of, names)))
    own = [n for n in names if language_of(n) == language]
    if language in ("cpp", "c"):
        tool = ["g++", "-std=gnu++17"] if language == "cpp" else ["gcc", "-std=gnu11"]
        subprocess.run(tool + ["-DEVAL", "-O2", "-o", "program"] + own + ["-lm"], cwd=work, check=True)
        return [os.path.join(work, "program")]
    if language == "java":
        subprocess.run(["javac"] + own, cwd=work, check=True)
        if main is None:
            main = next(os.path.splitext(n)[0] for n in own if b"void main(" in files[n])
        return ["java", "-Xmx256M", "-Xss64M", "-cp", work, main]
    if main is None:
        main = own[0] if len(own) == 1 else next(n for n in ("main.py", own[0]) if n in own)[:-3]
    return [sys.executable, os.path.join(work, main if main.endswith(".py") else main + ".py")]


class Ended:
    """How a run ended: verdict AC (well), TLE, MLE, OLE or RE, with CPU seconds and output."""

    def __init__(self, verdict, cpu, out, err=b""):
        self.verdict, self.cpu, self.out, self.err = verdict, cpu, out, err


def limits(seconds, is_java):
    def set_them():
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds * MARGIN) + 1,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_STACK, (256 << 20, resource.RLIM_INFINITY))
        if not is_java:
            resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))

    return set_them


def end_of(process, started, seconds, memory_kib, out, err, wall_out):
    """Waits for a process and says how it ended. Memory is judged by what was touched."""
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - started > wall_out:
            process.kill()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = -9
            return Ended("TLE", usage.ru_utime + usage.ru_stime, out(), err())
        time.sleep(0.002)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    if memory_kib and usage.ru_maxrss > memory_kib:
        return Ended("MLE", cpu, out(), err())
    if cpu > seconds:
        return Ended("TLE" if cpu > seconds * MARGIN else "close to the limit", cpu, out(), err())
    return Ended("RE" if process.returncode else "AC", cpu, out(), err())


def run(command, stdin, seconds, memory_mib, output_mib=8, place=None, take=None):
    """place: {name: bytes} in its folder; take: the name of a file there that is its output."""
    is_java = command[0] == "java"
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, \
            tempfile.TemporaryDirectory() as box:
        source.write(stdin)
        source.seek(0)
        cap = output_mib << 20
        for name, content in (place or {}).items():
            with open(os.path.join(box, name), "wb") as f:
                f.write(content)

        def set_them():
            limits(seconds, is_java)()
            resource.setrlimit(resource.RLIMIT_FSIZE, (cap, cap))
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)

        started = time.monotonic()
        p = subprocess.Popen(command, stdin=source, stdout=out, stderr=err, preexec_fn=set_them, cwd=box)

        def text(f):
            f.seek(0)
            return f.read()

        end = end_of(p, started, seconds, 0 if is_java else memory_mib << 10, lambda: text(out),
                     lambda: text(err), seconds * MARGIN * 4)
        if len(end.out) >= cap:
            end.verdict = "OLE"
        if take is not None:
            path = os.path.join(box, take)
            end.out = read(path) if os.path.isfile(path) else None
        if end.verdict == "AC":
            margins.append((end.cpu / seconds, os.path.basename(command[-1])))
        return end


def same_lines(a, b):
    def lines(text):
        rows = [" ".join(line.split()) for line in text.split(b"\n".decode())]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    return lines(a.decode("utf-8", "replace")) == lines(b.decode("utf-8", "replace"))


# IOI


def recipes(folder):
    """Reads gen/data: [(subtask, test, line number, command)], {subtask: its tests}."""
    rows, sets, name, index, offset = [], {}, None, -1, 0
    for i_line, line in enumerate(read(folder, "gen", "data").decode().split("\n"), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "@subtask":
            name, index, offset = words[1], index + 1, 0
            sets[name] = set()
        elif words[0] == "@include":
            for other in words[1:]:
                sets[name] |= sets[other]
        else:
            offset += 1
            test = "%d-%02d" % (index, offset)
            sets[name].add(test)
            rows.append((name, test, i_line, line.strip()))
    return rows, sets


def generate(folder, work):
    rows, sets = recipes(folder)
    tests = os.path.join(folder, "tests")
    shutil.rmtree(tests, ignore_errors=True)
    os.makedirs(tests)
    made = {}
    validator = build(files_of(os.path.join(folder, "validator")), os.path.join(work, "validator"))
    for _, test, _, line in rows:
        words = line.split()
        if words[0] == "manual":
            text = read(folder, "gen", "manual", words[1])
        else:
            if words[0] not in made:
                source = os.path.join(folder, "gen", words[0] + ".cpp")
                made[words[0]] = build(files_of(source), os.path.join(work, words[0]))
            text = subprocess.run(made[words[0]] + words[1:], check=True, stdout=subprocess.PIPE).stdout
        for subtask in sets:
            if test in sets[subtask]:
                subprocess.run(validator + [subtask], input=text, check=True)
        with open(os.path.join(tests, test + ".in"), "wb") as f:
            f.write(text)
    with open(os.path.join(tests, "mapping"), "w") as f:
        for subtask, members in sets.items():
            f.writelines("%s %s\n" % (subtask, test) for test in sorted(members))
    with open(os.path.join(tests, "gen_summary"), "w") as f:
        f.write("# test_name gen_line_number gen_line_content\n")
        f.writelines("%s\t%3d\t%s\n" % row[1:] for row in rows)
    task = Ioi(folder, work)
    model = next(n for n, s in load(folder, "solutions.json").items() if s["verdict"] == "model_solution")
    program = task.build("solution/" + model, os.path.join(work, "model"))
    for _, test, _, _ in rows:
        with open(os.path.join(tests, test + ".out"), "wb") as f:
            f.write(task.answer(program, test))


class Ioi:
    def __init__(self, folder, work):
        self.folder, self.work = folder, work
        self.problem = load(folder, "problem.json")
        self.is_cms = "protocol_version" in self.problem
        self.name, self.limit = self.problem["code"], self.problem["time_limit"]
        self.memory = self.problem["memory_limit"] >> (20 if self.is_cms else 0)
        self.kind = self.problem.get("task_type") or self.problem["type"]
        self.read_subtasks()
        self.judge = self.built("graders/manager.cpp") or self.built("grader/manager.cpp")
        self.checker = self.built("checker/checker.cpp")
        header = os.path.join(folder, "checker", "testlib.h")
        self.is_testlib = os.path.exists(header) and b"Output is correct" not in read(header)

    def built(self, part):
        """A program of the task from one file and the headers beside it; None when it is not there."""
        path = os.path.join(self.folder, part)
        if not os.path.exists(path):
            return None
        files = files_of(os.path.dirname(path))
        keep = {n: t for n, t in files.items() if n == os.path.basename(path) or n.endswith(".h")}
        return build(keep, os.path.join(self.work, os.path.basename(part)[:-4]))

    def read_subtasks(self):
        self.subtasks = {}
        if self.is_cms:
            for file in sorted(os.listdir(os.path.join(self.folder, "subtasks"))):
                subtask = load(self.folder, "subtasks", file)
                self.subtasks[file[3:-5]] = (subtask["score"], subtask["testcases"])
            return
        spec = load(self.folder, "subtasks.json")["subtasks"]
        pairs = [line.split() for line in read(self.folder, "tests", "mapping").decode().splitlines()]
        for name in sorted(spec, key=lambda n: spec[n]["index"]):
            self.subtasks[name] = (spec[name]["score"], [t for s, t in pairs if s == name])

    def build(self, solution, work):
        path = os.path.join(self.folder, solution)
        if self.kind == "OutputOnly":
            return path
        files = files_of(path)
        language = next(filter(None, map(language_of, files)))
        if len(files) == 1 and not os.path.isdir(path):
            files = {self.name + os.path.splitext(path)[1]: next(iter(files.values()))}
        folder = os.path.join(self.folder, "graders" if self.is_cms else "grader/" + language)
        has_grader = os.path.isdir(folder)
        for name, text in files_of(folder).items() if has_grader else ():
            if not name.startswith("manager") and language_of(name) in (language, None):
                files[name] = text
        main = None if not has_grader else "grader" if self.kind != "Communication" else "stub"
        return build(files, work, main)

    def answer(self, program, test):
        if self.kind == "Communication":
            return self.hidden(read(self.folder, "tests", test + ".in"))
        if self.kind == "OutputOnly":
            return read(program, "output_%s.txt" % test)
        end = self.run_test(program, test)[1]
        assert end.verdict == "AC", (test, end.verdict, end.err)
        return end.out

    def hidden(self, text):
        """The answer of a communication task, which no program prints."""
        words = text.split()
        if self.name == "ridge":
            return words[1] + b"\n"
        return sorted(words[1:], key=int)[int(words[0]) - 1] + b"\n"

    def run_test(self, program, test):
        stdin = read(self.folder, "tests", test + ".in")
        if self.kind == "TwoSteps":
            return None, self.two_steps(program, stdin)
        return None, run(program, stdin, self.limit, self.memory)

    def two_steps(self, program, stdin):
        with tempfile.TemporaryDirectory() as box:
            fifo = os.path.join(box, "fifo")
            os.mkfifo(fifo)
            boxes = [os.path.join(box, i) for i in "01"]
            for b in boxes:
                os.mkdir(b)
            return self.pair(program + ["0", fifo], program + ["1", fifo], stdin, boxes)

    def pair(self, first, second, stdin, boxes):
        """Both at once; the first's failure counts before the second's."""
        files = [tempfile.TemporaryFile() for _ in range(4)]
        files[0].write(stdin)
        files[0].seek(0)
        started = time.monotonic()
        is_java = first[0] == "java"
        ps = [subprocess.Popen(c, stdin=i, stdout=o, stderr=subprocess.DEVNULL, cwd=b,
                               preexec_fn=limits(self.limit, is_java))
              for c, i, o, b in zip((first, second), files[::2], files[1::2], boxes)]

        def out():
            files[3].seek(0)
            return files[3].read()

        ends = []
        for p in ps:
            wall = self.limit * MARGIN * 4 if not ends or ends[0].verdict == "AC" else 1
            ends.append(end_of(p, started, self.limit, 0 if is_java else self.memory << 10, out, lambda: b"", wall))
        cpu = sum(e.cpu for e in ends)
        bad = next((e for e in ends if e.verdict != "AC"), None)
        if bad is None:
            margins.append((cpu / self.limit, first[0]))
        return bad or Ended("AC", cpu, out())

    def communicate(self, program, test):
        """Manager and processes over two FIFOs each, opened as CMS does it."""
        n = self.problem.get("num_processes", 1)
        with tempfile.TemporaryDirectory() as box:
            fifos = [(os.path.join(box, "u%d_to_m" % i), os.path.join(box, "m_to_u%d" % i)) for i in range(n)]
            for fifo in sum(fifos, ()):
                os.mkfifo(fifo)
            started, is_java = time.monotonic(), program[0] == "java"
            source = open(os.path.join(self.folder, "tests", test + ".in"), "rb")
            manager = subprocess.Popen(self.judge + list(sum(fifos, ())), stdin=source, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
            users = [subprocess.Popen(["sh", "-c", 'exec "$@" < "$IN" > "$OUT"', "sh"] + program + [str(i)] * (n > 1),
                                      env=dict(os.environ, IN=down, OUT=up), stderr=subprocess.DEVNULL,
                                      preexec_fn=limits(self.limit, is_java)) for i, (up, down) in enumerate(fifos)]
            ends = [end_of(u, started, self.limit, 0 if is_java else self.memory << 10, lambda: b"", lambda: b"",
                           self.limit * MARGIN * 2) for u in users]
            out, err = manager.communicate(timeout=60)
            assert manager.returncode == 0, "manager failed: %r" % err
            cpu = sum(e.cpu for e in ends)
            end = next((e for e in ends if e.verdict != "AC"), None)
            if end is None and n > 1 and cpu > self.limit:
                end = Ended("TLE", cpu, b"")  # by the sum alone: the one case without a wide margin
            if end is None:
                margins.append((cpu / self.limit, program[-1]))
            return end or Ended("AC", cpu, b""), out, err

    def judge_test(self, program, test):
        """(verdict, fraction) of one test."""
        answer = os.path.join(self.folder, "tests", test + ".out")
        if self.kind == "Communication":
            end, out, err = self.communicate(program, test)
            if end.verdict == "AC" and self.checker:
                return self.check_bytes(test, answer, out)
            return self.said(out, err) if end.verdict == "AC" else (end.verdict, 0)
        if self.kind == "OutputOnly":
            output = os.path.join(program, "output_%s.txt" % test)
            return self.check(test, answer, output) if os.path.exists(output) else ("WA", 0)
        end = self.run_test(program, test)[1]
        if end.verdict != "AC":
            return end.verdict, 0
        if self.checker is None:
            return ("AC", 1) if same_lines(read(answer), end.out) else ("WA", 0)
        return self.check_bytes(test, answer, end.out)

    def check_bytes(self, test, answer, output):
        with tempfile.NamedTemporaryFile() as f:
            f.write(output)
            f.flush()
            return self.check(test, answer, f.name)

    def check(self, test, answer, output):
        source = os.path.join(self.folder, "tests", test + ".in")
        files = [source, output, answer] if self.is_testlib else [source, answer, output]
        p = subprocess.run(self.checker + files, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if self.is_testlib:
            return self.left(test, p.returncode, p.stderr.decode())
        assert p.returncode == 0, "checker failed on %s: %r" % (test, p.stderr)
        return self.said(p.stdout, p.stderr)

    @staticmethod
    def left(test, code, err):
        """By testlib's words, and by the exit code where there are none."""
        words = re.match(r"(points ([0-9.]+)|partially correct \(([0-9]+)\))", err)
        if words:
            share = float(words[2]) if words[2] else int(words[3]) / 100
            assert code == (7 if words[2] else int(words[3])), (test, code, err)
            return ("AC" if share >= 1 else "PC" if share > 0 else "WA"), share
        assert code in (0, 1, 2), "checker failed on %s: %r" % (test, err)
        return (("AC", 1), ("WA", 0), ("PE", 0))[code]

    @staticmethod
    def said(out, err):
        score = float(out.split(b"\n")[0])
        if b"protocol violation" in err.lower():
            return "PV", score
        return ("AC" if score >= 1 else "PC" if score > 0 else "WA"), score

    def judge_solution(self, solution, is_all):
        os.makedirs(self.work, exist_ok=True)
        work = tempfile.mkdtemp(dir=self.work)
        program, known = self.build(solution, work), {}
        result, total, worst = {}, 0, ("AC", 1)
        for name, (points, tests) in self.subtasks.items():
            low = ("AC", 1)
            for test in tests:
                if test not in known:
                    known[test] = self.judge_test(program, test)
                if known[test][1] < low[1]:
                    low = known[test]
                if low[1] == 0 and not is_all:
                    break
            result[name] = {"verdict": low[0], "score": round(points * low[1], 6)}
            total += points * low[1]
            if low[1] < worst[1]:
                worst = low
        return {"verdict": worst[0], "score": round(total, 6), "subtasks": result}


def task_of(folder, work):
    if os.path.exists(os.path.join(folder, "problem.yaml")):
        from prove_icpc import Kattis
        return Kattis(folder, work)
    if os.path.exists(os.path.join(folder, "task.yaml")):
        from prove_italy import Italy
        return Italy(folder, work)
    return Ioi(folder, work)


def is_broken(task, solution, is_all):
    """Whether the package's own programs fail over this solution, so that nobody can say its verdict."""
    try:
        task.judge_solution(solution, is_all)
    except AssertionError as e:
        print("ok   %s: %s" % (solution, e), flush=True)
        return True
    print("BAD  %s: judged" % solution, flush=True)
    return False


def prove(name, expected, work, is_all):
    bad = 0
    task = task_of(os.path.join(HERE, name), work)
    for solution, want in expected.items():
        if want.get("needs_a_box"):
            print("--   %s/%s is not run without one" % (name, solution), flush=True)
            continue
        if "error" in want:
            bad += not is_broken(task, solution, is_all)
            continue
        got = task.judge_solution(solution, is_all)
        subtasks = {k: v["score"] for k, v in got.get("subtasks", {}).items()}
        same = (got["verdict"] == want["verdict"] and got.get("score") == want.get("score")
                and all(subtasks.get(k) == v for k, v in want.get("subtasks", {}).items()))
        print("%s  %s/%s  %s %s %s" % ("ok " if same else "BAD", name, solution, got["verdict"], got.get("score"),
                                      " ".join("%s=%g/%s" % (k, v["score"], v["verdict"])
                                               for k, v in got.get("subtasks", {}).items())), flush=True)
        bad += not same
    return bad


def main():
    sys.modules["prove"] = sys.modules["__main__"]
    os.environ.pop("PYTHONUNBUFFERED", None)  # a judge does not set it, and it changes what is flushed
    names = [a.rstrip("/") for a in sys.argv[1:] if not a.startswith("--")]
    bad = 0
    with tempfile.TemporaryDirectory() as work:
        if "--generate" in sys.argv:
            for name in names or sorted("ioi/" + n for n in os.listdir(os.path.join(HERE, "ioi"))):
                if os.path.exists(os.path.join(HERE, name, "gen")):
                    generate(os.path.join(HERE, name), os.path.join(work, name))
                    print("made  %s/tests" % name)
            return 0
        expected = load(HERE, "expected.json")
        for name in names or expected:
            bad += prove(name, expected[name], os.path.join(work, name), "--all" in sys.argv)
    if margins:
        print("slowest accepted: %.0f%% of the limit, %s" % (100 * max(margins)[0], max(margins)[1]))
        bad += sum(m[0] > 1 / MARGIN for m in margins)
    print("%d wrong" % bad)
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
