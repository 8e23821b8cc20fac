package recipe

import (
	"errors"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/unet"
)

const (
	maxClass   = 1<<16 - 1
	maxClasses = 1024 // entries in a list
	none       = "none"
)

// ParseClasses reads a list of classes: numbers, ranges and "none" (the null
// class), joined by commas: 3 or 0-9 or 1,4,7 or none,0-4.
func ParseClasses(text string) ([]int, error) {
	var list []int
	for item := range strings.SplitSeq(text, ",") {
		if item == none {
			list = append(list, unet.Null)
			continue
		}
		from, to, isRange := strings.Cut(item, "-")
		first, err := parseClass(from, item)
		if err != nil {
			return nil, err
		}
		last := first
		if isRange {
			if last, err = parseClass(to, item); err != nil {
				return nil, err
			}
			if last < first {
				return nil, errors.New("classes has the range " + quote(item) + ", which runs backwards")
			}
		}
		if len(list)+last-first+1 > maxClasses {
			return nil, errors.New("classes has more than " + strconv.Itoa(maxClasses) + " entries")
		}
		for c := first; c <= last; c++ {
			list = append(list, c)
		}
	}
	return list, nil
}

func parseClass(number, item string) (int, error) {
	n, err := strconv.ParseUint(number, 10, 31)
	if err != nil || n > maxClass {
		return 0, errors.New("classes has " + quote(item) + ", want numbers from 0 to " + strconv.Itoa(maxClass) +
			", ranges like 0-9, or none, joined by commas")
	}
	return int(n), nil
}

// FormatClasses is the canonical text of a list: three or more that count up
// are a range.
func FormatClasses(list []int) string {
	var b []byte
	for i := 0; i < len(list); {
		if i > 0 {
			b = append(b, ',')
		}
		if list[i] == unet.Null {
			b = append(b, none...)
			i++
			continue
		}
		run := 1
		for i+run < len(list) && list[i+run] == list[i]+run {
			run++
		}
		b = strconv.AppendInt(b, int64(list[i]), 10)
		if run >= 3 {
			b = append(b, '-')
			b = strconv.AppendInt(b, int64(list[i]+run-1), 10)
			i += run
		} else {
			i++
		}
	}
	return string(b)
}
