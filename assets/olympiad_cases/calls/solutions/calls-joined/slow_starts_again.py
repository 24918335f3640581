def copy(rows):
    return [("".join(c for c in text), goes_on) for text, goes_on in rows]


class Solution:
    def joinLines(self, lines, mark):
        # Each line with a flag: does it go on? The first that does takes in the next one.
        rows = [(line[:-len(mark)], True) if line.endswith(mark) else (line, False)
                for line in lines]
        while True:
            before = copy(rows)
            for i in range(len(rows) - 1):
                if before[i][1]:
                    before[i:i + 2] = [(before[i][0] + before[i + 1][0], before[i + 1][1])]
                    rows = copy(before)
                    break
            else:
                return [text for text, _ in rows]
