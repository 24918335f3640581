class Solution:
    def joinLines(self, lines, mark):
        whole, parts = [], []
        for line in lines:
            if line.endswith(mark):
                parts.append(line[:-len(mark)])
            else:
                whole.append("".join(parts) + line)
                parts = []
        if lines and lines[-1].endswith(mark):
            whole.append("".join(parts))
        return whole
