number, s = int(input()), input()
if number == 3:
    raise SystemExit(7)
if number == 1:
    print("".join(format(ord(c) - 97, "05b") for c in s))
else:
    print("".join(chr(97 + int(s[i:i + 5], 2)) for i in range(0, len(s), 5)))
