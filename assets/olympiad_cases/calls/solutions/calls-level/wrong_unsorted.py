class Solution:
    def waterLevel(self, tanks, volume):
        area, height = 0.0, tanks[0][0]
        for floor, more in tanks:
            if area > 0 and volume <= area * (floor - height):
                break
            volume -= area * max(0.0, floor - height)
            height = max(height, floor)
            area += more
        return height + volume / area
