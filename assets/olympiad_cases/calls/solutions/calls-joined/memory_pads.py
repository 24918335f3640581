class Solution:
    def joinLines(self, lines, mark):
        columns = [line.ljust(100000) for line in lines]
        whole, open_text = [], None
        for padded, line in zip(columns, lines):
            text = padded[:len(line)]
            open_text = (open_text or "") + (text[:-len(mark)] if text.endswith(mark) else text)
            if not text.endswith(mark):
                whole.append(open_text)
                open_text = None
        return whole if open_text is None else whole + [open_text]
