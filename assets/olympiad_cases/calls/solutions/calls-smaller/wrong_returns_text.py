class Solution:
    def countSmaller(self, values, k):
        counts = [sum(w < v for w in values[max(0, i - k):i]) for i, v in enumerate(values[:500])]
        return str(counts)
