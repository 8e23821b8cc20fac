// Command bench is core/bench as a WebAssembly module: each layer of a network
// alone, and the arithmetic ceiling, for the page that web/bench measures in. It
// is built as wasm/engine is, and ships with nothing. Times are the page's.
package main

func main() {}
