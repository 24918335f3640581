import sys


def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    v = data[1]
    floors = sorted(zip(data[3::2], data[2::2]))
    low, high = 0.0, 2e12
    for _ in range(90):
        middle = (low + high) / 2
        held = 0.0
        for f, a in floors:
            if f >= middle:
                break
            held += a * (middle - f)
        if held < v:
            low = middle
        else:
            high = middle
    print(high)


main()
