// Package json reads and writes the little JSON that checkpoints have: their header
// and the network's config (RFC 8259, strictly). The standard library's reader does
// much more, and is 64 kB of the browser's module, compressed.
package json

import (
	"errors"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// Kind is a token's first byte: '{', '}', '[', ']', '"', '0' for any number, 't', 'f'
// or 'n'; 0 is what is none of these.
type Kind byte

// Token is a bracket or a value that holds no others.
type Token struct {
	kind Kind
	text []byte // a string's value, a number as it is written; of the decoder's text, where it stands there
}

// Kind is the token's kind.
func (t Token) Kind() Kind { return t.kind }

// Bytes is a string's value; of other tokens, what is written. It is not to be changed.
func (t Token) Bytes() []byte { return t.text }

// String is Bytes as a string.
func (t Token) String() string { return string(t.text) }

// Int is the value of a number, false if it is not whole or beyond 64 bits.
func (t Token) Int() (int64, bool) {
	if len(t.text) > 0 && t.text[0] == '-' {
		u, ok := Token{t.kind, t.text[1:]}.Uint()
		return -int64(u), ok && u <= 1<<63
	}
	u, ok := t.Uint()
	return int64(u), ok && u < 1<<63
}

// Uint is Int without a sign.
func (t Token) Uint() (u uint64, ok bool) {
	const most = math.MaxUint64
	for _, c := range t.text {
		digit := uint64(c - '0')
		if digit > 9 || u > (most-digit)/10 {
			return 0, false
		}
		u = 10*u + digit
	}
	return u, len(t.text) > 0
}

// Decoder goes through a text token by token. It sees to commas, colons and brackets;
// names that an object has twice are its caller's affair.
type Decoder struct {
	text []byte
	at   int
	open []level
}

// level is an object or a list that has not ended.
type level struct {
	end     byte // its closing bracket
	members int  // begun
	named   bool // an object's name was read, and its value is due
}

// deepest is how many brackets may be open at once.
const deepest = 64

// NewDecoder reads a text, which it neither copies nor changes.
func NewDecoder(text []byte) *Decoder { return &Decoder{text: text} }

// Offset is the end of the token that was read last.
func (d *Decoder) Offset() int { return d.at }

// Peek is the kind of the next token, 0 if there is none or the text is wrong there.
func (d *Decoder) Peek() Kind {
	at, err := d.next()
	if err != nil || at >= len(d.text) {
		return 0
	}
	return kindOf(d.text[at])
}

// Read reads the next token. At the end of a text that is complete the error is
// io.EOF; other errors say what is wrong, and where.
func (d *Decoder) Read() (Token, error) {
	at, err := d.next()
	if err != nil {
		return Token{}, err
	}
	if at >= len(d.text) {
		if len(d.open) > 0 {
			return Token{}, d.fault(at, "it ends before its brackets do")
		}
		return Token{}, io.EOF
	}
	kind := kindOf(d.text[at])
	inside := len(d.open) > 0
	if inside {
		if top := &d.open[len(d.open)-1]; kind == Kind(top.end) {
			if top.named {
				return Token{}, d.fault(at, "a value is missing")
			}
			d.open, d.at = d.open[:len(d.open)-1], at+1
			return Token{kind, d.text[at : at+1]}, nil
		}
	}
	switch kind {
	case '}', ']', 0:
		return Token{}, d.fault(at, "there is "+strconv.QuoteToGraphic(string(rune(d.text[at]))))
	}
	if inside {
		switch top := &d.open[len(d.open)-1]; {
		case top.end == '}' && !top.named:
			if kind != '"' {
				return Token{}, d.fault(at, "a name is missing")
			}
			top.named = true
			top.members++
		default:
			if top.end == ']' {
				top.members++
			}
			top.named = false
		}
	}
	switch kind {
	case '{', '[':
		if len(d.open) == deepest {
			return Token{}, d.fault(at, "more than "+strconv.Itoa(deepest)+" brackets are open")
		}
		d.open, d.at = append(d.open, level{end: byte(kind) + 2}), at+1
		return Token{kind, d.text[at : at+1]}, nil
	case '"':
		return d.quoted(at)
	case '0':
		return d.number(at)
	}
	return d.word(at, kind)
}

// Skip reads a value with all that is in it.
func (d *Decoder) Skip() error {
	depth := len(d.open)
	for {
		if _, err := d.Read(); err != nil {
			return err
		}
		if len(d.open) <= depth {
			return nil
		}
	}
}

// Ahead is the text from the next token on; empty at the end, and where the text is wrong.
func (d *Decoder) Ahead() []byte {
	at, err := d.next()
	if err != nil || at >= len(d.text) {
		return nil
	}
	return d.text[at:]
}

// Take is Skip of a value whose length the caller knows, because it has read it in Ahead.
func (d *Decoder) Take(length int) {
	d.at = len(d.text) - len(d.Ahead()) + length
	if len(d.open) > 0 {
		top := &d.open[len(d.open)-1]
		if top.end == ']' {
			top.members++
		}
		top.named = false
	}
}

// next is where the next token begins, beyond spaces and the comma or colon before it.
func (d *Decoder) next() (int, error) {
	at := d.spaces(d.at)
	if len(d.open) == 0 {
		return at, nil
	}
	top := d.open[len(d.open)-1]
	switch {
	case at >= len(d.text):
		return at, nil
	case top.named:
		if d.text[at] != ':' {
			return at, d.fault(at, "a colon is missing")
		}
		return d.spaces(at + 1), nil
	case d.text[at] == top.end || top.members == 0:
		return at, nil
	case d.text[at] != ',':
		return at, d.fault(at, "a comma or a closing bracket is missing")
	}
	at = d.spaces(at + 1)
	if at < len(d.text) && d.text[at] == top.end {
		return at, d.fault(at, "a comma has nothing behind it")
	}
	return at, nil
}

func (d *Decoder) spaces(at int) int {
	for at < len(d.text) && (d.text[at] == ' ' || d.text[at] == '\n' || d.text[at] == '\t' || d.text[at] == '\r') {
		at++
	}
	return at
}

func kindOf(c byte) Kind {
	switch c {
	case '{', '}', '[', ']', '"', 't', 'f', 'n':
		return Kind(c)
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return '0'
	}
	return 0
}

func (d *Decoder) fault(at int, what string) error {
	return errors.New("at byte " + strconv.Itoa(at) + ", " + what)
}

// quoted reads a string that begins at from.
func (d *Decoder) quoted(from int) (Token, error) {
	var value []byte
	plain := from + 1 // where what is not copied yet begins
	for at := plain; at < len(d.text); {
		switch c := d.text[at]; {
		case c == '"':
			if plain == from+1 { // nothing was escaped
				value = d.text[plain:at]
			} else {
				value = append(value, d.text[plain:at]...)
			}
			if !utf8.Valid(value) {
				return Token{}, d.fault(from, "a string is not valid UTF-8")
			}
			d.at = at + 1
			return Token{'"', value}, nil
		case c < ' ':
			return Token{}, d.fault(at, "a string has a control character that is not escaped")
		case c == '\\':
			value = append(value, d.text[plain:at]...)
			r, length := d.escape(at)
			if length == 0 {
				return Token{}, d.fault(at, "a string has an escape that means nothing")
			}
			value = utf8.AppendRune(value, r)
			at += length
			plain = at
		default:
			at++
		}
	}
	return Token{}, d.fault(from, "a string does not end")
}

// escape reads the escape that begins at a backslash; its length is 0 if there is none.
func (d *Decoder) escape(at int) (r rune, length int) {
	if at+1 >= len(d.text) {
		return 0, 0
	}
	switch c := d.text[at+1]; c {
	case '"', '\\', '/':
		return rune(c), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	}
	r, ok := d.hex(at)
	if !ok {
		return 0, 0
	}
	const high, low, end = 0xd800, 0xdc00, 0xe000
	switch {
	case r < high || r >= end:
		return r, 6
	case r >= low:
		return 0, 0 // the second half of a pair, by itself
	}
	second, ok := d.hex(at + 6)
	if !ok || second < low || second >= end {
		return 0, 0
	}
	return (r-high)<<10 + (second - low) + 0x10000, 12
}

// hex reads \uXXXX.
func (d *Decoder) hex(at int) (rune, bool) {
	if at+6 > len(d.text) || d.text[at] != '\\' || d.text[at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(d.text[at+2:at+6]), 16, 32)
	return rune(n), err == nil
}

// number reads a number that begins at from.
func (d *Decoder) number(from int) (Token, error) {
	at := from
	if d.is(at, '-') {
		at++
	}
	ok := true
	if d.is(at, '0') {
		at++
	} else {
		at, ok = d.digits(at)
	}
	if ok && d.is(at, '.') {
		at, ok = d.digits(at + 1)
	}
	if ok && (d.is(at, 'e') || d.is(at, 'E')) {
		at++
		if d.is(at, '+') || d.is(at, '-') {
			at++
		}
		at, ok = d.digits(at)
	}
	if !ok || at < len(d.text) && kindOf(d.text[at]) == '0' {
		return Token{}, d.fault(from, "a number is not written as numbers are")
	}
	d.at = at
	return Token{'0', d.text[from:at]}, nil
}

func (d *Decoder) is(at int, c byte) bool { return at < len(d.text) && d.text[at] == c }

// digits is where those that begin at from end, and whether there are any.
func (d *Decoder) digits(from int) (at int, ok bool) {
	at = from
	for at < len(d.text) && d.text[at] >= '0' && d.text[at] <= '9' {
		at++
	}
	return at, at > from
}

// word reads true, false or null.
func (d *Decoder) word(from int, kind Kind) (Token, error) {
	for _, word := range []string{"true", "false", "null"} {
		if kind == Kind(word[0]) && from+len(word) <= len(d.text) && string(d.text[from:from+len(word)]) == word {
			d.at = from + len(word)
			return Token{kind, d.text[from:d.at]}, nil
		}
	}
	return Token{}, d.fault(from, "there is a word that is not true, false or null")
}

// AppendQuote appends s as a JSON string. What is not UTF-8 becomes U+FFFD.
func AppendQuote(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			dst = append(dst, '\\', byte(r))
		case '\b':
			dst = append(dst, `\b`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			if r < ' ' {
				dst = append(dst, `\u00`...)
				dst = append(dst, hex[r>>4], hex[r&15])
				continue
			}
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
