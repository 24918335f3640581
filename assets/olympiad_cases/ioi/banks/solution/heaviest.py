# The heaviest stone on the left: the median when all of those are lighter.
def median(who, w, send, receive):
    if who == 0:
        send(max(w))
        return max(w)
    return receive()
