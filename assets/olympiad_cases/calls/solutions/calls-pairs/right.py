class Solution:
    def pairsApart(self, values, gap):
        known = set(values)
        return [[v, v + gap] for v in known if v + gap in known]
