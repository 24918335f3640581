class Solution:
    def joinLines(self, lines, mark):
        text = "\n".join(lines) + "\n"
        print(text.replace(mark + "\n", ""))
        return text
