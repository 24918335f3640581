# Leaves a debugging line on stdout, which is the line to the manager.
import sys


def summit(n, height):
    print("n is", n, flush=True)
    sys.exit(0)
