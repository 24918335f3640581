# Both send their counts and both decide: twice twenty numbers.
def median(who, w, send, receive):
    answer = 0
    for bit in reversed(range(20)):
        below = sum(x < answer + (1 << bit) for x in w)
        send(below)
        if below + receive() < len(w):
            answer += 1 << bit
    return answer
