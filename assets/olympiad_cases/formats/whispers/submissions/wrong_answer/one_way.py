"""Listens as if nothing were turned around: right twice, wrong the third time."""
number, s = int(input()), input()
if number == 1:
    print("".join(format(ord(c) - 97, "05b") for c in s))
else:
    print("".join(chr(97 + int(s[i:i + 5], 2) % 26) for i in range(0, len(s), 5)))
