import time

width, count = map(int, input().split())
while width > 1:
    time.sleep(1)
print("+---+")
