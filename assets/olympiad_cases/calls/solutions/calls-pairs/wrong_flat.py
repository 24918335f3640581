class Solution:
    def pairsApart(self, values, gap):
        known = set(values)
        return [x for v in known if v + gap in known for x in (v, v + gap)]
