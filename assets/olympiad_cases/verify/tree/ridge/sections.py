# Looks at twenty places at a time: ten times shorter for twenty calls.
def summit(n, height):
    low, high = 0, n - 1
    while high - low > 40:
        step = (high - low) // 20
        places = list(range(low, high, step)) + [high]
        heights = [height(p) for p in places]
        best = heights.index(max(heights))
        low, high = places[max(0, best - 1)], places[min(len(places) - 1, best + 1)]
    heights = [height(p) for p in range(low, high + 1)]
    return low + heights.index(max(heights))
