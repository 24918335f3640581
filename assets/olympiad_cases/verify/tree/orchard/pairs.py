# Takes a ladder to reach one tree whatever k is.
def pick(n, k, w):
    a, b = 0, 0
    for x in w:
        a, b = b, max(b, a + x)
    return b
