def summit(n, height):
    known = {}

    def at(i):
        if i >= n:
            return -i
        if i not in known:
            known[i] = height(i)
        return known[i]

    row = [1, 1]
    while row[-1] < n + 1:
        row.append(row[-1] + row[-2])
    start = -1
    while len(row) > 3:
        if at(start + row[-3]) > at(start + row[-2]):
            row.pop()
        else:
            start += row[-3]
            row.pop()
    return start + 1
