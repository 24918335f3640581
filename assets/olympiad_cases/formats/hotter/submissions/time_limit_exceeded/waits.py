"""In its second run it waits for one more word than there is."""
words = input().split()
low = 0
for size in (64, 32, 16, 8) if words[0] == "ask" else (4, 2, 1):
    print("?", low + size, flush=True)
    low += size if input() == "yes" else 0
if words[0] == "tell":
    input()
print("!", low // 8, flush=True)
