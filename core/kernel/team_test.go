package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
)

// countTask counts how often each part is done.
type countTask []atomic.Int32

func (c countTask) part(_, i int) { c[i].Add(1) }

func TestTeamDoesEachPartOnce(t *testing.T) {
	for hands := 2; hands <= 5; hands++ {
		team := NewTeam(hands)
		for range 3 {
			team.Begin()
			for parts := range 40 {
				done := make(countTask, parts)
				team.share(parts, done)
				for i := range done {
					if n := done[i].Load(); n != 1 {
						t.Fatalf("%d hands: part %d of %d was done %d times", hands, i, parts, n)
					}
				}
			}
			team.End()
		}
	}
	if NewTeam(1) != nil || NewTeam(0) != nil || (*Team)(nil).Hands() != 1 {
		t.Error("a team of one is the caller alone")
	}
}

func TestCut(t *testing.T) {
	for n := range 30 {
		for unit := 1; unit < 9; unit++ {
			for parts := 1; parts < 12; parts++ {
				at := 0
				for i := range parts {
					from, to := cut(n, unit, parts, i)
					if from != at || to < from || to != n && to%unit != 0 {
						t.Fatalf("part %d of %d of %d by %d is %d…%d", i, parts, n, unit, from, to)
					}
					at = to
				}
				if at != n {
					t.Fatalf("%d parts of %d by %d end at %d", parts, n, unit, at)
				}
			}
		}
	}
}

// eachTeam runs f with teams at work.
func eachTeam(f func(team *Team)) {
	for _, hands := range []int{2, 3} {
		team := NewTeam(hands)
		team.Begin()
		f(team)
		team.End()
	}
}

// TestTeamConv: the bits are those of the caller alone, whichever way the work is cut.
func TestTeamConv(t *testing.T) {
	cases := []Conv{
		{H: 28, W: 28, R: 3, K: 3 * 8, Out: 40},  // by rows
		{H: 28, W: 28, R: 3, K: 3 * 128, Out: 3}, // few outputs
		{H: 4, W: 4, R: 1, K: 512, Out: 200},     // by channels
		{H: 4, W: 3, R: 3, K: 3 * 64, Out: 261},  // channels that fill no panel
		{H: 1, W: 67, R: 1, K: 128, Out: 96},     // by pixels
		{H: 1, W: 1, R: 1, K: 1024, Out: 512},
	}
	eachForm(t, func(t *testing.T) {
		for _, c := range cases {
			c.InPix, c.OutPix = c.K/c.R, c.Out+5
			c.InRow, c.OutRow = (c.W+c.R-1)*c.InPix, c.W*c.OutPix
			if c.MulAdds() < leastMulAdds {
				t.Fatalf("%+v is too little to be shared", c)
			}
			r := rand.New(rand.NewPCG(21, 22))
			nin, nout := c.lengths()
			in, w, bias := newGuarded(nin, normals(r)), newGuarded(c.R*c.K*c.Out, normals(r)), newGuarded(c.Out, normals(r))
			packed, start := make([]float32, PackedLen(c.R*c.K, c.Out)), newGuarded(nout, normals(r))
			Pack(packed, w.Values, c.R*c.K, c.Out)
			eachTeam(func(team *Team) {
				alone, shared := start.clone(), start.clone()
				c.Forward(alone.Values, in.Values, packed, bias.Values)
				c.Accumulate(alone.Values, in.Values, packed)
				c.ForwardBy(team, shared.Values, in.Values, packed, bias.Values)
				c.AccumulateBy(team, shared.Values, in.Values, packed)
				if !slices.Equal(alone.Values, shared.Values) {
					t.Errorf("%+v: %d compute something else than one", c, team.Hands())
				}
				shared.intact(t)
			})
		}
	})
}

func TestTeamWinograd(t *testing.T) {
	shapes := []Winograd{{H: 28, W: 28, In: 32, Out: 64}, {H: 7, W: 9, In: 128, Out: 64}, {H: 4, W: 4, In: 256, Out: 128}}
	eachForm(t, func(t *testing.T) {
		for _, shape := range eachSquare(shapes) {
			t.Run(fmt.Sprintf("F%d,%dx%dx%d-%d", shape.M, shape.H, shape.W, shape.In, shape.Out), func(t *testing.T) {
				g, c := shape.laidOut(2, 3)
				if g.mulAdds() < leastMulAdds {
					t.Fatal("too little to be shared")
				}
				r := rand.New(rand.NewPCG(23, 24))
				nin, nout := c.lengths()
				in, w, bias := newGuarded(nin, normals(r)), newGuarded(9*g.In*g.Out, normals(r)), newGuarded(g.Out, normals(r))
				packed, start := make([]float32, WinogradLen(g.M, g.In, g.Out)), newGuarded(nout, normals(r))
				PackWinograd(packed, w.Values, g.M, g.In, g.Out)
				eachTeam(func(team *Team) {
					alone, shared := start.clone(), start.clone()
					scratch, room := make([]float32, g.Scratch()), newGuarded(g.ScratchBy(team), zeros)
					g.Forward(alone.Values, in.Values, packed, bias.Values, scratch)
					g.Accumulate(alone.Values, in.Values, packed, scratch)
					g.ForwardBy(team, shared.Values, in.Values, packed, bias.Values, room.Values)
					g.AccumulateBy(team, shared.Values, in.Values, packed, room.Values)
					if !slices.Equal(alone.Values, shared.Values) {
						t.Errorf("%d compute something else than one", team.Hands())
					}
					shared.intact(t)
					room.intact(t)
				})
			})
		}
	})
}

func TestTeamAffine(t *testing.T) {
	const h, w, c, row = 29, 28, 24, 30 * 24
	eachForm(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(25, 26))
		x, a, b := newGuarded(h*w*c, normals(r)), newGuarded(c, normals(r)), newGuarded(c, normals(r))
		eachTeam(func(team *Team) {
			for name, f := range map[string][2]func(dst []float32){
				"Affine": {
					func(dst []float32) { Affine(dst, x.Values, a.Values, b.Values, w, c, row) },
					func(dst []float32) { AffineBy(team, dst, x.Values, a.Values, b.Values, w, c, row) },
				},
				"AffineSiLU": {
					func(dst []float32) { AffineSiLU(dst, x.Values, a.Values, b.Values, w, c, row) },
					func(dst []float32) { AffineSiLUBy(team, dst, x.Values, a.Values, b.Values, w, c, row) },
				},
			} {
				alone, shared := newGuarded((h-1)*row+w*c, zeros), newGuarded((h-1)*row+w*c, zeros)
				f[0](alone.Values)
				f[1](shared.Values)
				if !slices.Equal(alone.Values, shared.Values) {
					t.Errorf("%s: %d compute something else than one", name, team.Hands())
				}
				shared.intact(t)
			}
		})
	})
}

func TestTeamAllocatesNothing(t *testing.T) {
	g, c := Winograd{M: 4, H: 16, W: 16, In: 32, Out: 32}.laidOut(0, 0)
	nin, nout := c.lengths()
	in, out, packed := make([]float32, nin), make([]float32, nout), make([]float32, WinogradLen(g.M, g.In, g.Out))
	team := NewTeam(2)
	scratch := make([]float32, g.ScratchBy(team))
	team.Begin()
	defer team.End()
	if n := testing.AllocsPerRun(20, func() { g.ForwardBy(team, out, in, packed, nil, scratch) }); n != 0 {
		t.Errorf("a shared convolution allocates %v times", n)
	}
}
