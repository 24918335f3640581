"""validator INPUT ANSWER FEEDBACK, talking: one run of it for each pass."""
import os
import re
import sys

words = open(sys.argv[1]).read().split()
secret = int(open(sys.argv[2]).read())
folder = sys.argv[3]
is_first = words[0] == "ask"
if is_first == os.path.exists(folder + "asked"):
    sys.exit(1)  # its own files are kept from the first pass to the second, and from nowhere else


def leave(code, message):
    with open(folder + "judgemessage.txt", "a") as f:
        f.write(message + "\n")
    sys.exit(code)


print(words[0] if is_first else "tell " + words[1], flush=True)
for left in range(4 if is_first else 3, -1, -1):
    line = sys.stdin.readline()
    m = re.fullmatch("([?!]) ([0-9]{1,3})\n", line)
    if not m:
        leave(43, "not a question")
    x = int(m[2])
    if m[1] == "!":
        break
    if left == 0:
        leave(43, "one question too many")
    print("yes" if secret >= x else "no", flush=True)
if sys.stdin.read().strip():
    leave(43, "more after the end")
if is_first:
    if x > 15:
        leave(43, "no memo")
    open(folder + "asked", "w").close()
    with open(folder + "nextpass.in", "w") as f:
        f.write("tell %d\n" % x)
    leave(42, "memo %d" % x)
leave(42 if x == secret else 43, "said %d" % x)
