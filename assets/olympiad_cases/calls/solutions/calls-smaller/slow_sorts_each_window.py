from bisect import bisect_left


class Solution:
    def countSmaller(self, values, k):
        counts = []
        for i, v in enumerate(values):
            counts.append(bisect_left(sorted(values[max(0, i - k):i]), v))
        return counts
