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

func (p *headerParser) header() error {
	if _, err := p.begin('{', "the header"); err != nil {
		return err
	}
	for {
		name, more, err := p.key()
		if err != nil || !more {
			return err
		}
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
		e, err := p.entry(name)
		if err != nil {
			return err
		}
		p.file.tensors[name] = e
	}
}

func (p *headerParser) metadata() error {
	if _, err := p.begin('{', metadataKey); err != nil {
		return err
	}
	p.file.metadata = map[string]string{}
	for {
		key, more, err := p.key()
		if err != nil || !more {
			return err
		}
		if _, ok := p.file.metadata[key]; ok {
			return errors.New("checkpoint: " + metadataKey + " has " + quote(key) + " twice")
		}
		value, err := p.begin('"', metadataKey+" "+quote(key))
		if err != nil {
			return err
		}
		p.file.metadata[key] = value.String()
	}
}

func (p *headerParser) entry(name string) (entry, error) {
	what := "tensor " + quote(name)
	if _, err := p.begin('{', what); err != nil {
		return entry{}, err
	}
	var e entry
	seen := map[string]bool{}
	for {
		key, more, err := p.key()
		if err != nil {
			return e, err
		}
		if !more {
			break
		}
		if seen[key] {
			return e, fault(name, "has "+quote(key)+" twice")
		}
		seen[key] = true
		switch key {
		case "dtype":
			token, err := p.begin('"', what+" dtype")
			if err != nil {
				return e, err
			}
			e.dtype = DType(token.String())
			if e.dtype.size() == 0 {
				return e, fault(name, "has type "+quote(string(e.dtype))+", which is not one of F32, F16, I8, U8, I64")
			}
		case "shape":
			if e.shape, err = p.ints(what+" shape", maxRank); err != nil {
				return e, err
			}
		case "data_offsets":
			offsets, err := p.ints(what+" data_offsets", 2)
			if err != nil {
				return e, err
			}
			if len(offsets) != 2 {
				return e, fault(name, "has "+strconv.Itoa(len(offsets))+" data_offsets, wanted 2")
			}
			e.begin, e.end = offsets[0], offsets[1]
		default:
			return e, fault(name, "has the unknown key "+quote(key)+"; known are dtype, shape, data_offsets")
		}
	}
	for _, key := range []string{"dtype", "shape", "data_offsets"} {
		if !seen[key] {
			return e, fault(name, "has no "+key)
		}
	}
	return e, e.check(name)
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
func (p *headerParser) key() (name string, more bool, err error) {
	token, err := p.token()
	if err != nil || token.Kind() == '}' {
		return "", false, err
	}
	return token.String(), true, nil
}

// begin reads a token of the given kind: '{', '[', '"' or '0'.
func (p *headerParser) begin(kind json.Kind, what string) (json.Token, error) {
	token, err := p.token()
	if err == nil && token.Kind() != kind {
		name := map[json.Kind]string{'{': "an object", '[': "a list", '"': "a string"}[kind]
		err = errors.New("checkpoint: " + what + " is not " + name)
	}
	return token, err
}

// ints reads a list of at most limit integers that are not negative.
func (p *headerParser) ints(what string, limit int) ([]int, error) {
	if _, err := p.begin('[', what); err != nil {
		return nil, err
	}
	list := []int{}
	for {
		token, err := p.token()
		if err != nil {
			return nil, err
		}
		if token.Kind() == ']' {
			return list, nil
		}
		if len(list) == limit {
			return nil, errors.New("checkpoint: " + what + " has more than " + strconv.Itoa(limit) + " numbers")
		}
		if token.Kind() != '0' {
			return nil, errors.New("checkpoint: " + what + " has " + quote(token.String()) + " where a number belongs")
		}
		v, err := token.Uint()
		if err != nil || v > math.MaxInt {
			return nil, errors.New("checkpoint: " + what + " has " + quote(token.String()) + ", not an integer from 0 to 2⁶³−1")
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
