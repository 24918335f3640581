n = int(open("input.txt").readline())
open("output.txt", "w").write("L" * n + "\n")
