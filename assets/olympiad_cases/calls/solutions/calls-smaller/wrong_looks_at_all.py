from bisect import bisect_left, insort


class Solution:
    def countSmaller(self, values, k):
        before, counts = [], []
        for v in values:
            counts.append(bisect_left(before, v))
            insort(before, v)
        return counts
