class Solution:
    def waterLevel(self, tanks, volume):
        area, height = 0.0, None
        for floor, more in sorted(tanks):
            if height is not None:
                if volume <= area * (floor - height):
                    break
                volume -= area * (floor - height)
            height = floor
            area += more
        return height + volume / area
