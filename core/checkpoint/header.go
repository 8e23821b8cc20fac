package checkpoint

import (
	"errors"
	"math"
	"strconv"

	"github.com/ddpm-go/ddpm/core/json"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// headerParser reads the JSON header. Duplicate names are looked for here and
// not by the decoder, so that the message can name the tensor.
type headerParser struct {
	dec  *json.Decoder
	file *File
}

// part is what of the header is read, for an error to name: a page reads a header with
// code that no compiler has optimised yet, and should not quote every name to do so.
type part struct{ kind, name, field string }

func (p part) String() string {
	if p.name != "" {
		p.name = quote(p.name)
	}
	return p.kind + p.name + p.field
}

func (p *headerParser) header() error {
	if _, err := p.begin('{', part{kind: "the header"}); err != nil {
		return err
	}
	for {
		key, more, err := p.key()
		if err != nil || !more {
			return err
		}
		name := key.String()
		if name == metadataKey {
			if p.file.metadata != nil {
				return errors.New("checkpoint: the header has " + metadataKey + " twice")
			}
			if err := p.metadata(); err != nil {
				return err
			}
			continue
		}
		if name == "" {
			return errors.New("checkpoint: the header has a tensor with an empty name")
		}
		if _, ok := p.file.tensors[name]; ok {
			return fault(name, "is in the header twice")
		}
		e, length := usual(p.dec.Ahead())
		if length > 0 {
			p.dec.Take(length)
			err = e.check(name)
		} else {
			e, err = p.entry(name)
		}
		if err != nil {
			return err
		}
		p.file.tensors[name] = e
		p.file.order = append(p.file.order, name)
	}
}

func (p *headerParser) metadata() error {
	if _, err := p.begin('{', part{kind: metadataKey}); err != nil {
		return err
	}
	p.file.metadata = map[string]string{}
	for {
		token, more, err := p.key()
		if err != nil || !more {
			return err
		}
		key := token.String()
		if _, ok := p.file.metadata[key]; ok {
			return errors.New("checkpoint: " + metadataKey + " has " + quote(key) + " twice")
		}
		value, err := p.begin('"', part{metadataKey + " ", key, ""})
		if err != nil {
			return err
		}
		p.file.metadata[key] = value.String()
	}
}

func (p *headerParser) entry(name string) (entry, error) {
	what := part{kind: "tensor ", name: name}
	if _, err := p.begin('{', what); err != nil {
		return entry{}, err
	}
	var e entry
	var dtype, shape, offsets bool // were read
	for {
		key, more, err := p.key()
		if err != nil {
			return e, err
		}
		if !more {
			break
		}
		var seen *bool
		switch string(key.Bytes()) {
		case "dtype":
			seen, what.field = &dtype, " dtype"
		case "shape":
			seen, what.field = &shape, " shape"
		case "data_offsets":
			seen, what.field = &offsets, " data_offsets"
		default:
			return e, fault(name, "has the unknown key "+quote(key.String())+"; known are dtype, shape, data_offsets")
		}
		if *seen {
			return e, fault(name, "has "+quote(key.String())+" twice")
		}
		*seen = true
		switch seen {
		case &dtype:
			err = p.dtype(&e, name, what)
		case &shape:
			e.shape, err = p.ints(what, maxRank)
		case &offsets:
			err = p.offsets(&e, name, what)
		}
		if err != nil {
			return e, err
		}
	}
	switch {
	case !dtype:
		return e, fault(name, "has no dtype")
	case !shape:
		return e, fault(name, "has no shape")
	case !offsets:
		return e, fault(name, "has no data_offsets")
	}
	return e, e.check(name)
}

// usual reads an entry that is written as the format's own library writes it, and ours:
//
//	{"dtype":"F32","shape":[64,32,3,3],"data_offsets":[0,73728]}
//
// and gives its length, 0 if it is not. A header has hundreds of them, each of 17 tokens.
func usual(text []byte) (e entry, length int) {
	rest := text
	word := func(want string) bool {
		if len(rest) < len(want) || string(rest[:len(want)]) != want {
			return false
		}
		rest = rest[len(want):]
		return true
	}
	number := func() (v int, ok bool) {
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			v = 10*v + int(rest[digits]-'0')
			digits++
		}
		ok = digits > 0 && digits <= 18 && (rest[0] != '0' || digits == 1)
		rest = rest[digits:]
		return v, ok
	}
	if !word(`{"dtype":"`) {
		return e, 0
	}
	for _, known := range [...]DType{F32, I8, F16, U8, I64} {
		if word(string(known)) {
			e.dtype = known
			break
		}
	}
	if e.dtype == "" || !word(`","shape":[`) {
		return e, 0
	}
	e.shape = make([]int, 0, 4)
	for !word("]") {
		if len(e.shape) > 0 && !word(",") {
			return e, 0
		}
		v, ok := number()
		if !ok || len(e.shape) == maxRank {
			return e, 0
		}
		e.shape = append(e.shape, v)
	}
	var ok bool
	if !word(`,"data_offsets":[`) {
		return e, 0
	}
	if e.begin, ok = number(); !ok || !word(",") {
		return e, 0
	}
	if e.end, ok = number(); !ok || !word("]}") {
		return e, 0
	}
	return e, len(text) - len(rest)
}

func (p *headerParser) dtype(e *entry, name string, what part) error {
	token, err := p.begin('"', what)
	if err != nil {
		return err
	}
	for _, known := range [...]DType{F32, I8, F16, U8, I64} {
		if string(token.Bytes()) == string(known) {
			e.dtype = known
			return nil
		}
	}
	return fault(name, "has type "+quote(token.String())+", which is not one of F32, F16, I8, U8, I64")
}

func (p *headerParser) offsets(e *entry, name string, what part) error {
	offsets, err := p.ints(what, 2)
	if err != nil {
		return err
	}
	if len(offsets) != 2 {
		return fault(name, "has "+strconv.Itoa(len(offsets))+" data_offsets, wanted 2")
	}
	e.begin, e.end = offsets[0], offsets[1]
	return nil
}

// elements is how many a tensor has; row is how many belong to one index of its first
// dimension.
func (e entry) elements() int { return (e.end - e.begin) / e.dtype.size() }

func (e entry) row() int {
	if len(e.shape) == 0 {
		return 1
	}
	return e.elements() / max(e.shape[0], 1)
}

// check compares a tensor's type and shape with the length of its data.
func (e entry) check(name string) error {
	if e.begin > e.end {
		return fault(name, "begins at byte "+strconv.Itoa(e.begin)+" and ends before it, at "+strconv.Itoa(e.end))
	}
	n, err := tensor.Elements(e.shape)
	if err == nil && n > math.MaxInt/e.dtype.size() {
		err = errors.New("shape " + tensor.FormatShape(e.shape) + " has more bytes than an integer can count")
	}
	if err != nil {
		return fault(name, "is impossible: "+err.Error())
	}
	if n*e.dtype.size() != e.end-e.begin {
		return fault(name, "of type "+string(e.dtype)+" and shape "+tensor.FormatShape(e.shape)+" takes "+
			strconv.Itoa(n*e.dtype.size())+" bytes, but its data_offsets span "+strconv.Itoa(e.end-e.begin))
	}
	return nil
}

// key reads the next member's name, or the object's end.
func (p *headerParser) key() (name json.Token, more bool, err error) {
	name, err = p.token()
	return name, err == nil && name.Kind() != '}', err
}

// begin reads a token of the given kind: '{', '[', '"' or '0'.
func (p *headerParser) begin(kind json.Kind, what part) (json.Token, error) {
	token, err := p.token()
	if err == nil && token.Kind() != kind {
		name := map[json.Kind]string{'{': "an object", '[': "a list", '"': "a string"}[kind]
		err = errors.New("checkpoint: " + what.String() + " is not " + name)
	}
	return token, err
}

// ints reads a list of at most limit integers that are not negative.
func (p *headerParser) ints(what part, limit int) ([]int, error) {
	if _, err := p.begin('[', what); err != nil {
		return nil, err
	}
	list := make([]int, 0, 4) // as many as a kernel's shape has
	for {
		token, err := p.token()
		if err != nil {
			return nil, err
		}
		if token.Kind() == ']' {
			return list, nil
		}
		if len(list) == limit {
			return nil, errors.New("checkpoint: " + what.String() + " has more than " + strconv.Itoa(limit) + " numbers")
		}
		if token.Kind() != '0' {
			return nil, errors.New("checkpoint: " + what.String() + " has " + quote(token.String()) + " where a number belongs")
		}
		v, ok := token.Uint()
		if !ok || v > math.MaxInt {
			return nil, errors.New("checkpoint: " + what.String() + " has " + quote(token.String()) + ", not an integer from 0 to 2⁶³−1")
		}
		list = append(list, int(v))
	}
}

func (p *headerParser) token() (json.Token, error) {
	token, err := p.dec.Read()
	if err != nil {
		return token, errors.New("checkpoint: the header is not valid JSON: " + err.Error())
	}
	return token, nil
}
