package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Team is goroutines that share out the work of one call, and then of the next: one
// image's way through a network. A nil Team is the caller alone. How many there are
// does not show in what is computed.
//
// Between Begin and End they wait for the next call without sleeping: a network is
// some hundred calls of some tens of microseconds, less than it takes to be woken.
type Team struct {
	helpers []func()
	wait    sync.WaitGroup

	// left is how many parts of the task nobody has taken yet, in its low half. The
	// high half counts tasks: who has been away for longer than one takes nothing of
	// it by mistake.
	left  atomic.Uint64
	done  atomic.Int64 // parts
	ended atomic.Bool

	// The task, and where tasks stand while they are done. A part taken is what
	// makes it safe to read them: the caller waits for it.
	task     task
	conv     convTask
	winograd winogradTask
	affine   affineTask
}

// task is work in parts that may be done in any order and side by side. hand is
// whose, 0 … Hands−1.
type task interface{ part(hand, i int) }

// NewTeam makes a team of so many, the caller among them; nil if that is only one.
func NewTeam(hands int) *Team {
	if hands <= 1 {
		return nil
	}
	t := &Team{}
	for hand := 1; hand < hands; hand++ {
		t.helpers = append(t.helpers, func() {
			defer t.wait.Done()
			t.help(hand)
		})
	}
	return t
}

// Hands is how many they are.
func (t *Team) Hands() int {
	if t == nil {
		return 1
	}
	return 1 + len(t.helpers)
}

// Begin starts the goroutines, which wait for work until End.
func (t *Team) Begin() {
	if t == nil {
		return
	}
	t.ended.Store(false)
	t.wait.Add(len(t.helpers))
	for _, help := range t.helpers {
		go help()
	}
}

// End ends what Begin began.
func (t *Team) End() {
	if t == nil {
		return
	}
	t.ended.Store(true)
	t.wait.Wait()
}

// share does the parts of a task.
func (t *Team) share(parts int, work task) {
	t.task = work
	t.done.Store(0)
	t.left.Store((t.left.Load()>>32+1)<<32 | uint64(parts))
	for t.take(0) {
	}
	for t.done.Load() < int64(parts) {
		runtime.Gosched()
	}
}

func (t *Team) help(hand int) {
	for !t.ended.Load() {
		if !t.take(hand) {
			runtime.Gosched()
		}
	}
}

// take does a part that nobody has taken, if there is one.
func (t *Team) take(hand int) bool {
	for {
		left := t.left.Load()
		if uint32(left) == 0 {
			return false
		}
		if t.left.CompareAndSwap(left, left-1) {
			t.task.part(hand, int(uint32(left))-1)
			t.done.Add(1)
			return true
		}
	}
}

// Work that takes less than this is not worth sharing: meeting costs as much.
const (
	leastMulAdds  = 1 << 18
	leastElements = 1 << 14
)

// cut is the range of part i when n are cut into parts at multiples of unit.
func cut(n, unit, parts, i int) (from, to int) {
	units := (n + unit - 1) / unit
	return min(n, units*i/parts*unit), min(n, units*(i+1)/parts*unit)
}

// piecesPerHand is how finely work is cut, so that who is held up by something else
// on the machine does less of it.
const piecesPerHand = 4

// parts is how many parts to cut n into, at multiples of unit.
func (t *Team) parts(n, unit int) int { return min((n+unit-1)/unit, piecesPerHand*t.Hands()) }
