words = open("input.txt").read().split()
weights = list(map(int, words[1:]))
can = [1]
for w in weights:
    can.append(can[-1] | can[-1] << w)
half = sum(weights) // 2
while not can[-1] >> half & 1:
    half -= 1
poles = []
for i in range(len(weights) - 1, -1, -1):
    left = not can[i] >> half & 1
    poles.append("L" if left else "R")
    half -= weights[i] * left
with open("output.txt", "w") as f:
    f.write("".join(reversed(poles)) + "\n")
