from collections import deque


def pick(n, k, w):
    # The last k + 1 answers are all that is needed.
    window = deque([0] * (k + 1), maxlen=k + 1)
    best = 0
    for x in w:
        best = max(best, window[0] + x)
        window.append(best)
    return best
