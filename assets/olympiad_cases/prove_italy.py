"""The italy_yaml half of prove.py: CMS's folders with task.yaml, gen/GEN, input/, output/ and sol/."""
import json
import os
import re
import subprocess
import tempfile

from prove import build, files_of, read, run
from prove_icpc import yaml

BADNESS = ["AC", "PC", "PE", "WA", "PV", "OLE", "TLE", "MLE", "RE"]


class Italy:
    def __init__(self, folder, work):
        self.folder, self.work = folder, work
        text = read(folder, "task.yaml").decode()
        self.spec = yaml(None, "\n".join(x for x in text.splitlines() if not x.lstrip().startswith("-")))
        self.parameters = [json.loads(x[1]) for x in re.finditer(r"^ *- (\[.*\])$", text, re.M)]
        self.name, self.limit = self.spec["name"], float(self.spec["time_limit"])
        self.memory = int(self.spec["memory_limit"])
        self.n_tests = len(os.listdir(os.path.join(folder, "input")))
        self.checker = build(files_of(os.path.join(folder, "check")), os.path.join(work, "checker"))
        self.subtasks = list(self.read_subtasks())

    def read_subtasks(self):
        """(points, tests, threshold or None) of each."""
        names = ["%03d" % i for i in range(self.n_tests)]
        for row in self.parameters:  # as CMS: a pattern is matched at the beginning of the name
            tests = [i for i, name in enumerate(names) if re.match(row[1], name)]
            yield row[0], tests, row[2] if self.spec["score_type"] == "GroupThreshold" else None
        if self.parameters:
            return
        rows, n = [], 0
        for line in read(self.folder, "gen", "GEN").decode().splitlines():
            words, _, comment = line.partition("#")
            if comment.startswith("ST:"):
                rows.append((float(comment[3:]), []))
            elif words.strip() or comment.startswith("COPY:"):
                rows[-1][1].append(n)
                n += 1
        assert n == self.n_tests
        yield from ((points, tests, None) for points, tests in rows)

    def judge_test(self, program, i):
        """(verdict, outcome)"""
        source = os.path.join(self.folder, "input", "input%d.txt" % i)
        answer = os.path.join(self.folder, "output", "output%d.txt" % i)
        infile, outfile = self.spec.get("infile", "input.txt"), self.spec.get("outfile", "output.txt")
        end = run(program, b"" if infile else read(source), self.limit, self.memory, 64,
                  {infile: read(source)} if infile else None, outfile or None)
        if end.verdict != "AC" or end.out is None:
            return ("WA" if end.verdict == "AC" else end.verdict), 0
        with tempfile.NamedTemporaryFile() as f:
            f.write(end.out)
            f.flush()
            p = subprocess.run(self.checker + [source, answer, f.name], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert p.returncode == 0, "checker failed on %d: %r" % (i, p.stderr)
        outcome = float(p.stdout.split(b"\n")[0])
        return ("AC" if outcome >= 1 else "PC" if outcome > 0 else "WA"), outcome

    def judge_solution(self, solution, _):
        os.makedirs(self.work, exist_ok=True)
        files = files_of(os.path.join(self.folder, solution))
        files = {self.name + os.path.splitext(n)[1]: t for n, t in files.items()}
        program, known = build(files, tempfile.mkdtemp(dir=self.work)), {}
        result, total, worst = {}, 0, ("AC", 1)
        for k, (points, tests, threshold) in enumerate(self.subtasks):
            for i in tests:
                known.setdefault(i, None)
                known[i] = known[i] or self.judge_test(program, i)
            rows = [known[i] for i in tests]
            if threshold is None:
                low = min(rows, key=lambda r: r[1])
            elif all(0 < r[1] <= threshold for r in rows):
                low = ("AC", 1)
            else:
                verdict = max((r[0] for r in rows), key=BADNESS.index)
                low = ("WA" if verdict in ("AC", "PC") else verdict), 0
            result[str(k)] = {"verdict": low[0], "score": round(points * low[1], 6)}
            total += points * low[1]
            if low[1] < worst[1]:
                worst = low
        return {"verdict": worst[0], "score": round(total, 6), "subtasks": result}
