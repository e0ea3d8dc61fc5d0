// Checks the access tokens that come on standard input, one a line. verify.go is what the demo app of Gatehouse shows.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if claims, err := Verify(lines.Text()); err != nil {
			fmt.Println("bad", err)
		} else {
			fmt.Println("good", claims.Subject, strings.Join(claims.Permissions, ","))
		}
	}
}
