print("inf", "inf", "1e999")
