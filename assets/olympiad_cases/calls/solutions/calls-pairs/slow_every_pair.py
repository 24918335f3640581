class Solution:
    def pairsApart(self, values, gap):
        pairs = []
        for i, a in enumerate(values):
            for j, b in enumerate(values):
                if values.index(a) == i and values.index(b) == j and b == a + gap:
                    pairs.append([a, b])
        return pairs
