package json

import (
	"encoding/json"
	"encoding/json/jsontext"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

// texts are right and wrong in every way that the grammar knows.
var texts = []string{
	`{}`, `[]`, `""`, `0`, `-0`, `12.5e-3`, `1E+9`, `true`, `false`, `null`, ` { "a" : [ 1 , 2 ] , "b" : { } } `,
	`[[],[[]],{"a":[{}]}]`, `"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"`, `"ünï ☃"`, "[1,\n2,\t3\r]", `{"a":1,"a":2}`,
	``, ` `, `{`, `[`, `}`, `]`, `{]`, `[}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `[,]`, `[1,]`, `[1 2]`, `{"a" 1}`, `{"a":1 "b":2}`,
	`{1:2}`, `{"a":1:2}`, `["a":1]`, `01`, `-`, `+1`, `1.`, `.5`, `1e`, `1e+`, `--1`, `0x1`, `1a`, `tru`, `True`, `nul`, `nan`,
	`"`, `"\`, `"\x"`, `"\u12"`, `"\u12g4"`, `"\ud800"`, `"\udc00"`, `"\ud800\u0041"`, `"\ud800x"`, "\"\n\"", "\"\x00\"", "\"\xff\"", `'a'`,
	`[1}`, `{"a":[1}`, `[1]]`, `{"a":1}}`, `,`, `:`, `[:]`, "\ufeff1", `[1]x`, `[-]`, `[00]`,
	strings.Repeat("[", 64) + strings.Repeat("]", 64),
}

// errMore says that a text goes on after its value.
var errMore = errors.New("more than one value")

// walk reads a text of one value.
func walk(text []byte) (values []string, err error) {
	d := NewDecoder(text)
	for {
		if len(values) > 0 && len(d.open) == 0 && d.Peek() != 0 {
			return values, errMore
		}
		peeked := d.Peek()
		token, err := d.Read()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return values, err
		}
		if peeked != token.Kind() {
			return values, errors.New("a token of another kind than was seen")
		}
		values = append(values, string(rune(token.Kind()))+token.String())
	}
}

// reference reads it with the standard library, as strict as we are.
func reference(text []byte) (values []string, err error) {
	d := jsontext.NewDecoder(strings.NewReader(string(text)), jsontext.AllowDuplicateNames(true))
	for {
		if len(values) > 0 && d.StackDepth() == 0 && d.PeekKind() > 0 {
			return values, errMore
		}
		token, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return values, err
		}
		values = append(values, string(rune(token.Kind()))+token.String())
	}
}

func agrees(t *testing.T, text []byte) {
	t.Helper()
	got, err := walk(text)
	want, wrong := reference(text)
	if (err == nil) != (wrong == nil) {
		t.Errorf("%q: error %v, the standard library's %v", text, err, wrong)
	} else if err == nil && strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q is read as %q, want %q", text, got, want)
	}
}

func TestReadsAsTheStandardLibraryDoes(t *testing.T) {
	for _, text := range texts {
		agrees(t, []byte(text))
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) <= deepest { // beyond, brackets may be open that only the library allows
			agrees(t, text)
		}
	})
}

func TestErrorsSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1 "b":2}`:         "at byte 7, a comma or a closing bracket is missing",
		`{"a" 1}`:               "at byte 5, a colon is missing",
		`{"a":1,}`:              "at byte 7, a comma has nothing behind it",
		`{"a":[1,2`:             "at byte 9, it ends before its brackets do",
		`["\q"]`:                "at byte 2, a string has an escape that means nothing",
		`[1.]`:                  "at byte 1, a number is not written as numbers are",
		`{"a":}`:                "at byte 5, a value is missing",
		strings.Repeat("[", 65): "at byte 64, more than 64 brackets are open",
	} {
		if _, err := walk([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestSkip(t *testing.T) {
	d := NewDecoder([]byte(`{"a":{"x":[1,{"y":2}]},"b":3,"c":[]}`))
	read := func(want string) {
		t.Helper()
		if token, err := d.Read(); err != nil || token.String() != want {
			t.Fatalf("%q, %v; want %q", token, err, want)
		}
	}
	read("{")
	for _, name := range []string{"a", "b", "c"} {
		read(name)
		if err := d.Skip(); err != nil {
			t.Fatal(err)
		}
	}
	read("}")
	if d.Offset() != 36 {
		t.Errorf("the end is at %d, want 36", d.Offset())
	}
	if err := NewDecoder([]byte(`[1,`)).Skip(); err == nil {
		t.Error("half a value is skipped")
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-12": -12, "9007199254740993": 9007199254740993,
		"9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64,
	} {
		token, err := NewDecoder([]byte(text)).Read()
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := token.Int(); !ok || n != want {
			t.Errorf("%s is %d, %v", text, n, ok)
		}
	}
	for _, text := range []string{"1.5", "1e3", "18446744073709551616", "-9223372036854775809"} {
		token, _ := NewDecoder([]byte(text)).Read()
		if n, ok := token.Int(); ok {
			t.Errorf("%s is whole: %d", text, n)
		}
		if n, ok := token.Uint(); ok {
			t.Errorf("%s is whole and not negative: %d", text, n)
		}
	}
	token, _ := NewDecoder([]byte("18446744073709551615")).Read()
	if n, ok := token.Uint(); !ok || n != math.MaxUint64 {
		t.Errorf("the largest is %d, %v", n, ok)
	}
	if n, ok := token.Int(); ok {
		t.Errorf("it has a sign: %d", n)
	}
}

func TestQuote(t *testing.T) {
	for _, s := range []string{"", "plain", "a\"b\\c/d", "\x00\x01\b\f\n\r\t\x1f", "ünï ☃ 😀", "<&>\u2028"} {
		quoted := AppendQuote([]byte("x"), s)
		want, err := jsontext.AppendQuote([]byte("x"), s)
		if err != nil || string(quoted) != string(want) {
			t.Errorf("%q is quoted as %s, want %s", s, quoted, want)
		}
		var back string
		if err := json.Unmarshal(quoted[1:], &back); err != nil || back != s {
			t.Errorf("%q comes back as %q, %v", s, back, err)
		}
	}
	if got := string(AppendQuote(nil, "a\xffb")); got != `"a`+"\ufffd"+`b"` {
		t.Errorf("what is not UTF-8 becomes %s", got)
	}
}
