def joinLines(lines, mark):
    return lines
