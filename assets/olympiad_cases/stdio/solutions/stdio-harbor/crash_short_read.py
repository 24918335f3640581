import os

# One read of a pipe or a file need not be the whole input, and this one asks for too little.
data = list(map(int, os.read(0, 4096).split()))
n, q = data[:2]
boats = [(data[2 + 2 * i], data[3 + 2 * i]) for i in range(n)]
times = sorted({t for b in boats for t in b})
levels = [sum(a <= t < b for a, b in boats) for t in times]
print(max(levels), sum(v - u for u, v, x in zip(times, times[1:], levels) if x))
for t in data[2 + 2 * n:]:
    print(sum(a <= t < b for a, b in boats))
