words = input().split()
low = 0 if words[0] == "ask" else int(words[1]) * 8
high = 127 if words[0] == "ask" else low + 7
for _ in range(4 if words[0] == "ask" else 3):
    m = (low + high + 1) // 2
    print("?", m, flush=True)
    if input() == "yes":
        low = m
    else:
        high = m - 1
print("!", low // 8 if words[0] == "ask" else low, flush=True)
