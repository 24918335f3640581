package main

import "fmt"

func main() {
	var n, k int
	fmt.Scan(&n, &k)
	planks := make([]int, k)
	for j := range planks {
		fmt.Scan(&planks[j])
	}
	ways := make([]int64, n+1)
	least := make([]int, n+1)
	ways[0] = 1
	for i := 1; i <= n; i++ {
		least[i] = -1
		for _, x := range planks {
			if x > i || least[i-x] < 0 {
				continue
			}
			ways[i] = (ways[i] + ways[i-x]) % 1000000007
			if least[i] < 0 || least[i-x]+1 < least[i] {
				least[i] = least[i-x] + 1
			}
		}
	}
	if least[n] < 0 {
		fmt.Println(0, -1)
	} else {
		fmt.Println(ways[n], least[n])
	}
}
