def find(n, k, count):
    out, todo = [], [(0, n - 1, k)]
    while todo:
        l, r, inside = todo.pop()
        if inside == 0:
            continue
        if l == r:
            out.append(l)
            continue
        m = (l + r) // 2
        left = count(l, m)
        todo += [(l, m, left), (m + 1, r, inside - left)]
    return out
