print("+-----------+\n|   OPEN    |\n|  all day  |\n+-----------+")
print("AC", file=__import__("sys").stderr)
