// A module with vector instructions fails validation whole where there are none, so look first.

/** The smallest module with one: (func (drop (i8x16.popcnt (v128.const 0)))). */
// prettier-ignore
const probe = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version
  0x01, 0x04, 0x01, 0x60, 0x00, 0x00, // one type: () → ()
  0x03, 0x02, 0x01, 0x00, // one function of it
  0x0a, 0x19, 0x01, 0x17, 0x00, // its body, no locals
  0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // v128.const 0
  0xfd, 0x62, 0x1a, 0x0b, // i8x16.popcnt, drop, end
)

export function hasSIMD(): boolean {
  return WebAssembly.validate(probe)
}
