import sys

from banks import median


def read():
    line = sys.stdin.readline()
    if not line or int(line) < 0:
        sys.exit(0)
    return int(line)


def send(x):
    sys.stdout.write("s %d\n" % x)
    sys.stdout.flush()


def receive():
    sys.stdout.write("r\n")
    sys.stdout.flush()
    return read()


def main():
    w = [read() for _ in range(read())]
    sys.stdout.write("a %d\n" % median(int(sys.argv[1]), w, send, receive))
    sys.stdout.flush()


main()
