class Solution:
    def waterLevel(self, tanks, volume):
        tanks = sorted(tanks)
        (height, area), rest = tanks[0], tanks[1:]
        next_floor = rest[0][0]
        for floor, more in rest:
            if volume <= area * (floor - height):
                break
            volume -= area * (floor - height)
            height, area = floor, area + more
        return height + volume / area
