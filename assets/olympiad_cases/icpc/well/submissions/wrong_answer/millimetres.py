# Tries one length after the other.
n = int(input())
for x in range(1, n + 1):
    print(x, flush=True)
    if input() == "splash":
        break
