package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// module is a WebAssembly module (core specification, §5.5), taken apart as far as need
// be.
type module struct {
	sections []section
	globals  []global
}

type section struct {
	id      byte
	content []byte
}

// global is one that the module defines. Its first value is a constant.
type global struct {
	kind, mutable byte
	value         uint64 // its bits
}

// Sections and opcodes.
const (
	custom       = 0
	memories     = 5
	globalValues = 6
	exports      = 7
	counts       = 12
	code         = 10
	data         = 11

	i32, i64, f32, f64                          = 0x7f, 0x7e, 0x7d, 0x7c
	i32Const, i64Const, f32Const, f64Const, end = 0x41, 0x42, 0x43, 0x44, 0x0b

	exportedFunction, exportedGlobal = 0, 3
)

const pageSize = 1 << 16

var magic = []byte("\x00asm\x01\x00\x00\x00")

var errCut = errors.New("the module is cut off")

func parse(raw []byte) (*module, error) {
	rest, ok := bytes.CutPrefix(raw, magic)
	if !ok {
		return nil, errors.New("not a WebAssembly module")
	}
	m := &module{}
	for r := (reader{rest}); len(r.rest) > 0; {
		id, err := r.byte()
		if err != nil {
			return nil, err
		}
		content, err := r.sized()
		if err != nil {
			return nil, err
		}
		if id != counts { // needed by instructions that Go does not use
			m.sections = append(m.sections, section{id, content})
		}
	}
	for _, id := range []byte{memories, globalValues, exports, data} {
		if m.section(id) == nil {
			return nil, fmt.Errorf("the module has no section %d", id)
		}
	}
	return m, m.readGlobals()
}

func (m *module) section(id byte) *section {
	for i := range m.sections {
		if m.sections[i].id == id {
			return &m.sections[i]
		}
	}
	return nil
}

func (m *module) bytes() []byte {
	out := slices.Clone(magic)
	for _, s := range m.sections {
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(s.content)))
		out = append(out, s.content...)
	}
	return out
}

func (m *module) readGlobals() error {
	r := reader{m.section(globalValues).content}
	n, err := r.unsigned()
	for range n {
		var g global
		var opcode byte
		if g.kind, err = r.byte(); err != nil {
			return err
		}
		if g.mutable, err = r.byte(); err != nil {
			return err
		}
		if opcode, err = r.byte(); err != nil {
			return err
		}
		switch opcode {
		case i32Const, i64Const:
			_, err = r.signed()
		case f32Const:
			_, err = r.take(4)
		case f64Const:
			_, err = r.take(8)
		default:
			err = fmt.Errorf("a global begins with opcode %#x, want a constant", opcode)
		}
		if err != nil {
			return err
		}
		if last, err := r.byte(); err != nil || last != end {
			return errors.New("a global's first value is more than a constant")
		}
		m.globals = append(m.globals, g)
	}
	return err
}

// seenName is what a global is exported as, to be seen from outside.
func seenName(i int) string { return "prestart " + strconv.Itoa(i) }

// seen is the module with all of its globals exported. No global is imported.
func (m *module) seen() *module {
	list, n := m.exported(nil)
	for i := range m.globals {
		name := seenName(i)
		list = binary.AppendUvarint(list, uint64(len(name)))
		list = append(append(list, name...), exportedGlobal)
		list = binary.AppendUvarint(list, uint64(i))
	}
	seen := &module{sections: slices.Clone(m.sections)}
	seen.section(exports).content = append(binary.AppendUvarint(nil, uint64(n+len(m.globals))), list...)
	return seen
}

// exported is the list of exports, and how many they are, without those of some names.
func (m *module) exported(without []string) (list []byte, n int) {
	r := reader{m.section(exports).content}
	count, _ := r.unsigned()
	for range count {
		before := r.rest
		name, _ := r.sized()
		r.byte()
		r.unsigned()
		if !slices.Contains(without, string(name)) {
			list = append(list, before[:len(before)-len(r.rest)]...)
			n++
		}
	}
	return list, n
}

// enlarge gives the module's memory at least so many pages to begin with.
func (m *module) enlarge(pages uint64) error {
	limits := m.section(memories)
	r := reader{limits.content}
	if n, err := r.unsigned(); err != nil || n != 1 {
		return fmt.Errorf("the module has %d memories, want 1", n)
	}
	flags, err := r.byte()
	if err != nil {
		return err
	}
	least, err := r.unsigned()
	if err != nil {
		return err
	}
	limits.content = append(binary.AppendUvarint([]byte{1, flags}, max(least, pages)), r.rest...)
	return nil
}

// become makes memory and globals what the module begins with, and has it begin there.
func (m *module) become(memory []byte, globals []uint64) {
	m.enlarge(uint64(len(memory) / pageSize))

	values := binary.AppendUvarint(nil, uint64(len(globals)))
	for i, g := range m.globals {
		values = append(values, g.kind, g.mutable)
		switch g.kind {
		case i32:
			values = appendSigned(append(values, i32Const), int64(int32(globals[i])))
		case i64:
			values = appendSigned(append(values, i64Const), int64(globals[i]))
		case f32:
			values = binary.LittleEndian.AppendUint32(append(values, f32Const), uint32(globals[i]))
		case f64:
			values = binary.LittleEndian.AppendUint64(append(values, f64Const), globals[i])
		}
		values = append(values, end)
	}
	m.section(globalValues).content = values

	list, n := m.exported([]string{"_initialize"})
	m.section(exports).content = append(binary.AppendUvarint(nil, uint64(n)), list...)
	m.section(data).content = segments(memory)
}

// gap is how many zeros are worth another segment.
const gap = 64

// segments are a data section with all of memory that is not zero.
func segments(memory []byte) []byte {
	var list []byte
	n := 0
	for at := 0; at < len(memory); {
		if memory[at] == 0 {
			at++
			continue
		}
		last := at // that is not zero
		for i := at; i < len(memory) && i <= last+gap; i++ {
			if memory[i] != 0 {
				last = i
			}
		}
		list = append(list, 0, i32Const)
		list = append(appendSigned(list, int64(int32(at))), end)
		list = binary.AppendUvarint(list, uint64(last+1-at))
		list = append(list, memory[at:last+1]...)
		n++
		at = last + 1
	}
	return append(binary.AppendUvarint(nil, uint64(n)), list...)
}

// appendSigned appends v in signed LEB128.
func appendSigned(out []byte, v int64) []byte {
	for {
		b := byte(v & 0x7f)
		v >>= 7
		if v == 0 && b&0x40 == 0 || v == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}

// reader goes through a module's bytes.
type reader struct{ rest []byte }

func (r *reader) take(n uint64) ([]byte, error) {
	if n > uint64(len(r.rest)) {
		return nil, errCut
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken, nil
}

func (r *reader) byte() (byte, error) {
	b, err := r.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (r *reader) unsigned() (uint64, error) {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		return 0, errCut
	}
	r.rest = r.rest[n:]
	return v, nil
}

// signed reads a number in signed LEB128.
func (r *reader) signed() (v int64, err error) {
	for shift := 0; ; {
		b, err := r.byte()
		if err != nil {
			return 0, err
		}
		v |= int64(b&0x7f) << shift
		shift += 7
		if b >= 0x80 {
			continue
		}
		if b&0x40 != 0 && shift < 64 {
			v |= -1 << shift
		}
		return v, nil
	}
}

// sized reads what stands behind its own length.
func (r *reader) sized() ([]byte, error) {
	n, err := r.unsigned()
	if err != nil {
		return nil, err
	}
	return r.take(n)
}
