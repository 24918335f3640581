"""Makes data/ of this problem. An answer file holds the least number of coins, found over all fares up to t."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = {
    "sample/1": (6, [1, 3, 4]),
    "secret/1-greedy/1": (1, [1]), "secret/1-greedy/2": (388, [1, 2, 5, 10, 20, 50, 100, 200]),
    "secret/1-greedy/3": (59999, [1, 5, 10, 50, 100, 500, 1000]),
    "secret/2-short/1": (60, [1, 10, 20, 25]), "secret/2-short/2": (56, [1, 7, 28, 40]), "secret/2-short/3": (41, [1, 5]),
    "secret/3-long/1": (59997, [1, 333, 334, 999, 1000]), "secret/3-long/2": (60000, [1, 7, 59, 103, 997]),
    "secret/3-long/3": (54321, [1, 2, 4, 8, 16]), "secret/3-long/4": (59400, [1, 2, 3, 5, 8, 440, 660, 900]),
    "secret/3-long/5": (29, [1, 2, 3, 4]),
}
for name, (t, coins) in CASES.items():
    least = [0] * (t + 1)
    for s in range(1, t + 1):
        least[s] = 1 + min(least[s - c] for c in coins if c <= s)
    with open(os.path.join(HERE, "data", name + ".in"), "w") as f:
        f.write("%d %d\n%s\n" % (len(coins), t, " ".join(map(str, coins))))
    with open(os.path.join(HERE, "data", name + ".ans"), "w") as f:
        f.write("%d\n" % least[t])
