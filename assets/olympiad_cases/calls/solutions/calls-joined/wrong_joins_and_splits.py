class Solution:
    def joinLines(self, lines, mark):
        return ("\n".join(lines) + "\n").replace(mark + "\n", "").splitlines()
