class Solution:
    def joinLines(self, lines, mark):
        # Each line with a flag: does it go on? The first that does takes in the next one.
        rows = [(line[:-len(mark)], True) if line.endswith(mark) else (line, False)
                for line in lines]
        while True:
            for i in range(len(rows) - 1):
                if rows[i][1]:
                    rows[i:i + 2] = [(rows[i][0] + rows[i + 1][0], rows[i + 1][1])]
                    rows = [("".join(c for c in text), goes_on) for text, goes_on in rows]
                    break
            else:
                return [text for text, _ in rows]
