from typing import List


class Fenwick:
    def __init__(self, n: int):
        self.sums = [0] * (n + 1)

    def add(self, i: int, more: int) -> None:
        while i < len(self.sums):
            self.sums[i] += more
            i += i & -i

    def upto(self, i: int) -> int:
        total = 0
        while i > 0:
            total += self.sums[i]
            i -= i & -i
        return total


class Solution:
    def __init__(self):
        self.counts = []

    def countSmaller(self, values: List[int], k: int) -> List[int]:
        rank = {v: i + 1 for i, v in enumerate(sorted(set(values)))}
        tree = Fenwick(len(rank))
        for i, v in enumerate(values):
            self.counts.append(tree.upto(rank[v] - 1))
            tree.add(rank[v], 1)
            if i >= k:
                tree.add(rank[values[i - k]], -1)
        return self.counts
