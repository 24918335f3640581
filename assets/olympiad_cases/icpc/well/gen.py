"""Makes data/ of this problem: n and the depth, which only the judge reads."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = {"sample/1": (100, 37), "secret/1-one": (1, 1), "secret/2-first": (1000000000, 1),
         "secret/3-last": (1000000000, 1000000000), "secret/4-middle": (999999999, 734003201), "secret/5-two": (2, 2)}
for name, (n, depth) in CASES.items():
    with open(os.path.join(HERE, "data", name + ".in"), "w") as f:
        f.write("%d %d\n" % (n, depth))
    with open(os.path.join(HERE, "data", name + ".ans"), "w") as f:
        f.write("%d\n" % depth)
