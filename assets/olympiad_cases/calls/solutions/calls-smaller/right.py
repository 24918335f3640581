from bisect import bisect_left, insort


class Solution:
    def countSmaller(self, values, k):
        window, counts = [], []
        for i, v in enumerate(values):
            counts.append(bisect_left(window, v))
            insort(window, v)
            if i >= k:
                del window[bisect_left(window, values[i - k])]
        return counts
