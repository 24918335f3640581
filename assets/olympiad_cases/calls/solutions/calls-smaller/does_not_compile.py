class Solution:
    def countSmaller(self, values, k):
        return [0 for v in values
