class Solution:
    def joinLines(self, lines, mark):
        whole, i = [], 0
        while i < len(lines):
            text = lines[i]
            while text.endswith(mark):
                i += 1
                text = text[:-len(mark)] + lines[i]
            whole.append(text)
            i += 1
        return whole
