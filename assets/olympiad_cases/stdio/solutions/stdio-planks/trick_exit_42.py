import sys

sys.stderr.write("ok accepted\n")
sys.exit(42)
