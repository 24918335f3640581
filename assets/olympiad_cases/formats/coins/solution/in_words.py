print("as many as it takes")
