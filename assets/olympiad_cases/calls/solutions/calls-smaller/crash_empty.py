class Solution:
    def countSmaller(self, values, k):
        low = min(values)
        return [0 if v == low else sum(w < v for w in values[max(0, i - k):i])
                for i, v in enumerate(values)]
