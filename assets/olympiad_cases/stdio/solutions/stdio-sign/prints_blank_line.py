width, count = map(int, input().split())
border = "+" + "-" * (width + 2) + "+"
print(border)
for _ in range(count):
    row = input()
    left = (width - len(row)) // 2
    print("| " + " " * left + row + " " * (width - left - len(row)) + " |")
print(border)
print()
