class Solution:
    def joinLines(self, lines, mark):
        whole, parts = [], []
        for line in lines:
            bare = line
            while bare.endswith(mark):
                bare = bare[:-len(mark)]
            parts.append(bare)
            if bare == line:
                whole.append("".join(parts))
                parts = []
        return whole + ["".join(parts)] * bool(parts)
