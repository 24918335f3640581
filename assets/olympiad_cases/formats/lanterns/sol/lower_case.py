n = int(open("input.txt").readline())
open("output.txt", "w").write("lr" * (n // 2) + "l" * (n % 2) + "\n")
