class Solution:
    def countSmaller(self, values, k):
        windows = [values[max(0, i - k):i] for i in range(len(values))]
        return [sum(w < v for w in window) for v, window in zip(values, windows)]
