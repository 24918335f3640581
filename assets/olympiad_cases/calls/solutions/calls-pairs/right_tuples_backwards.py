class Solution:
    def pairsApart(self, values, gap):
        known = sorted(set(values), reverse=True)
        member = set(known)
        return tuple((v - gap, v) for v in known if v - gap in member)
