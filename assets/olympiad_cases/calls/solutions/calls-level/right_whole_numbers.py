class Solution:
    def waterLevel(self, tanks, volume):
        area = below = 0
        ends = sorted(tanks) + [[float("inf"), 1]]
        for (floor, more), (above, _) in zip(ends, ends[1:]):
            area += more
            below += more * floor
            level = (volume + below) / area
            if level <= above:
                return int(level) if level == int(level) else level
