class Solution:
    def joinLines(self, lines, mark):
        # Each line with a flag: does it go on? The first that does takes in the next one.
        rows = [(line[:-len(mark)], True) if line.endswith(mark) else (line, False)
                for line in lines]
        while True:
            for i in range(len(rows) - 1):
                if rows[i][1]:
                    head = rows[:i] + [(rows[i][0] + rows[i + 1][0], rows[i + 1][1])]
                    rows = list(head + rows[i + 2:])
                    for _ in range(20000):
                        i += 1
                    break
            else:
                return [text for text, _ in rows]
