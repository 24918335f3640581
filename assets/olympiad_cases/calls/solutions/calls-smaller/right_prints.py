import bisect
import sys


class Solution:
    def countSmaller(self, values, k):
        print("[9, 9, 9]\nAC")
        print("looking at", len(values), file=sys.stderr)
        window, counts = [], []
        for i, v in enumerate(values):
            counts.append(bisect.bisect_left(window, v))
            bisect.insort(window, v)
            if i >= k:
                window.pop(bisect.bisect_left(window, values[i - k]))
        values.clear()
        return counts


if __name__ == "__main__":
    print("me too")
