package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Go's table of functions (runtime/symtab.go, runtime2.go): a header that says where its
// parts begin, and for each function a record of offsets into pctab, whose tables give a
// value for each program counter. The magic number is another when any of it changes.
const (
	tableMagic = "\xf1\xff\xff\xff\x00\x00\x01\x08" // Go 1.20 to 1.27, WebAssembly

	// In the header.
	atFunctions, atNames, atUnits, atPCTab, atRecords, headerLen = 8, 32, 40, 56, 64, 72

	// In a function's record.
	atStack, atFile, atTables, atUnit, recordLen = 16, 20, 28, 32, 44

	// In the module's data (runtime.moduledata), which points to all of it.
	atHints, atFirstPC, atLastPC, moduleLen = 152, 160, 168, 176
)

// slim takes out of the memory of a Go program that has not begun what it can do without,
// a fifth of a module.
func slim(memory []byte) error {
	at := bytes.Index(memory, []byte(tableMagic))
	if at < 0 || len(memory)-at < headerLen {
		return errors.New("no table of functions as Go 1.20 to 1.27 has it")
	}
	table := goTable(memory[at:])
	// The module's data begin with the addresses of the header and of its first part.
	named := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, uint64(at)), uint64(at+table.number(atNames)))
	data := bytes.Index(memory, named)
	if data < 0 || len(memory)-data < moduleLen {
		return errors.New("no module data that point to the table of functions")
	}
	if err := table.dropLines(); err != nil {
		return err
	}
	return dropHints(memory, goTable(memory[data:]), table.number(atFunctions))
}

// goTable is a part of memory, by its fields of eight bytes.
type goTable []byte

func (t goTable) number(at int) int { return int(binary.LittleEndian.Uint64(t[at:])) }

// dropLines drops from which file and line an instruction came: only traces of the stack
// read that, which name functions alone then. What the garbage collector needs moves
// together, so that nothing is left in between.
func (t goTable) dropLines() error {
	units, pctab, records := t.number(atUnits), t.number(atPCTab), t.number(atRecords)
	if parts := []int{headerLen, units, pctab, pctab + 1, records, len(t) - 8*t.number(atFunctions)}; !slices.IsSorted(parts) {
		return fmt.Errorf("the parts of the table of functions lie at %d", parts)
	}
	old := bytes.Clone(t[pctab:records])
	kept := t[pctab : pctab+1 : records] // an offset of 0 is no table
	moved := map[uint32]uint32{0: 0}
	move := func(field []byte) error {
		from := binary.LittleEndian.Uint32(field)
		to, known := moved[from]
		if !known {
			n, err := tableLen(old, from)
			if err != nil {
				return err
			}
			to = uint32(len(kept))
			kept = append(kept, old[from:][:n]...)
			moved[from] = to
		}
		binary.LittleEndian.PutUint32(field, to)
		return nil
	}
	for i := range t.number(atFunctions) {
		at := records + int(binary.LittleEndian.Uint32(t[records+8*i+4:]))
		if at+recordLen > len(t) {
			return fmt.Errorf("function %d would have its record at %d of %d bytes", i, at, len(t))
		}
		record := t[at:]
		clear(record[atFile:atTables])
		clear(record[atUnit:][:4])
		if err := move(record[atStack:]); err != nil {
			return err
		}
		for k := range int(binary.LittleEndian.Uint32(record[atTables:])) {
			if err := move(record[recordLen+4*k:]); err != nil {
				return err
			}
		}
	}
	if pctab+len(kept) > records {
		return errors.New("tables of program counters overlap")
	}
	clear(t[pctab+len(kept) : records])
	clear(t[units:pctab]) // the names of files, and which of them a unit of compilation has
	return nil
}

// Of the hints, where to begin to look for a program counter's function: a bucket for each
// 4096 counters, of which WebAssembly has 65,536 a function.
const bucketPCs, bucketLen, bucketHead = 4096, 20, 4

// dropHints drops them: Go looks through all functions from the first one then, some
// thousand comparisons each time it walks a frame of the stack, in place of 20 bytes for
// each of 16 buckets a function.
func dropHints(memory []byte, data goTable, functions int) error {
	from, pcs := data.number(atHints), data.number(atLastPC)-data.number(atFirstPC)
	buckets := (pcs + bucketPCs - 1) / bucketPCs
	last := from + buckets*bucketLen - (bucketLen - bucketHead)
	if from <= 0 || buckets <= 0 || last > len(memory) {
		return fmt.Errorf("%d hints at %d, in a memory of %d bytes", buckets, from, len(memory))
	}
	var first []uint32
	for b := range buckets {
		first = append(first, binary.LittleEndian.Uint32(memory[from+b*bucketLen:]))
	}
	if first[0] != 0 || !slices.IsSorted(first) || int(first[len(first)-1]) != functions-1 {
		return fmt.Errorf("what should be hints goes from function %d to %d of %d", first[0], first[len(first)-1], functions)
	}
	clear(memory[from:last])
	return nil
}

// tableLen is how long the table is that begins there: pairs of numbers, until the first
// of a later pair is 0.
func tableLen(tables []byte, at uint32) (int, error) {
	if uint64(at) > uint64(len(tables)) {
		return 0, errCut
	}
	r := reader{tables[at:]}
	for first := true; ; first = false {
		change, err := r.unsigned()
		if err != nil {
			return 0, err
		}
		if change == 0 && !first {
			return len(tables[at:]) - len(r.rest), nil
		}
		if _, err := r.unsigned(); err != nil {
			return 0, err
		}
	}
}
