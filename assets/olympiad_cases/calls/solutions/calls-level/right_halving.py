class Solution:
    def waterLevel(self, tanks, volume):
        low, high = -1000.0, 1e9 + 2000.0
        for _ in range(100):
            middle = (low + high) / 2
            if sum(a * max(0.0, middle - f) for f, a in tanks) < volume:
                low = middle
            else:
                high = middle
        return low
