package orders

// Total is what all lines of an order cost, in cents.
func Total(lines []Line) int {
	sum := 0
	for _, line := range lines {
		sum += line.Price()
	}
	return sum
}

type Line struct{ Count, Cents int }

func (line Line) Price() int {
	return line.Count * line.Cents
}
