# Packs all its stones into one number.
def median(who, w, send, receive):
    send(sum(x << 20 * i for i, x in enumerate(w[:3])))
    return receive()
