# Reads n, then waits for more, for ever.
import sys

sys.stdin.readline()
sys.stdin.readline()
