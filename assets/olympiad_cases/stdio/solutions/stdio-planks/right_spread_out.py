import sys

words = sys.stdin.read().split()
n, planks = int(words[0]), [int(w) for w in words[2:]]
ways, least = {0: 1}, {0: 0}
for i in range(1, n + 1):
    before = [i - x for x in planks if i - x in least]
    if before:
        ways[i] = sum(ways[j] for j in before) % 1000000007
        least[i] = 1 + min(least[j] for j in before)
sys.stdout.write("\n\n\t%d  \r\n%d \t \n\n\n" % (ways.get(n, 0), least.get(n, -1)))
