low, high = 1, int(input())
while True:
    middle = low + (high - low) // 2
    print(middle, flush=True)
    word = input()
    if word == "splash":
        break
    if word == "dry":
        low = middle + 1
    else:
        high = middle - 1
