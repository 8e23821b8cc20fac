package site

import (
	"container/list"
	"sync"
)

// Memory is a Cache of the pictures that were asked for last.
type Memory struct {
	mu     sync.Mutex
	most   int // bytes
	size   int
	order  *list.List // of *kept, the latest first
	byText map[string]*list.Element
}

type kept struct {
	recipe string
	png    []byte
}

// NewMemory keeps pictures of so many bytes in all.
func NewMemory(bytes int) *Memory {
	return &Memory{most: bytes, order: list.New(), byText: map[string]*list.Element{}}
}

// Get finds a picture.
func (m *Memory) Get(recipe string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.byText[recipe]
	if e == nil {
		return nil, false
	}
	m.order.MoveToFront(e)
	return e.Value.(*kept).png, true
}

// Put keeps a picture, and forgets those that were not asked for longest.
func (m *Memory) Put(recipe string, png []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byText[recipe] != nil || len(png) > m.most {
		return
	}
	m.byText[recipe] = m.order.PushFront(&kept{recipe, png})
	for m.size += len(png); m.size > m.most; {
		last := m.order.Remove(m.order.Back()).(*kept)
		m.size -= len(last.png)
		delete(m.byText, last.recipe)
	}
}
