"""Makes this validator ask for a fourth pass: no verdict of the program's, but a broken package."""
number, s = int(input()), input()
if number == 1:
    print("".join(format(ord(c) - 97, "05b") for c in s))
else:
    print("again")
