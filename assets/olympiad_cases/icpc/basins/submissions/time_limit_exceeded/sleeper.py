# Uses no processor at all, and never ends.
import time

while True:
    time.sleep(1000)
