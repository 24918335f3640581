class Solution:
    def pairsApart(self, values, gap):
        pairs = []
        for a in values:
            for b in values:
                if b == a + gap and [a, b] not in pairs:
                    pairs.append([a, b])
                elif a == b + gap and [b, a] not in pairs:
                    pairs.append([b, a])
        return pairs
