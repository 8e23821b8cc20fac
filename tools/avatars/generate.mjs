// Makes the pixel avatars that ddpm's third model is trained on: 55,000 different
// faces of 16×16 pixels in DiceBear's "pixel-art" style (the design is CC0 1.0, by
// DiceBear's author; the code that draws it is MIT).
//
//   npm ci && node generate.mjs FOLDER
//   ddpm data avatars --from FOLDER
//
// Avatar i is drawn from the seed "ddpm-i", and one that looks exactly as an earlier
// one is left out; the first 50,000 go to train.bin.gz, the next 5,000 to
// test.bin.gz. A file is records of 769 bytes: a label (bit 0: long hair, bit 1:
// glasses, bit 2: a hat) and 256 bytes each of red, green and blue, rows from the top.
// With the versions in package-lock.json the content is meant to have the MD5s that
// tools/dataset knows, and the script fails if it has not; how gzip packs it may differ.
// (The first 2,000 records were compared, and are the same.)

import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createAvatar } from '@dicebear/core'
import * as pixelArt from '@dicebear/pixel-art'
import { Resvg } from '@resvg/resvg-js'

const side = 16
const files = [
  { name: 'train.bin', count: 50000, md5: '3061bd173025ccc197d44d68f65243f2' },
  { name: 'test.bin', count: 5000, md5: '230e8683a2c9d2a4559a9e8603a6f9ce' },
]

const style = {
  backgroundColor: ['b6e3f4', 'c0aede', 'd1d4f9', 'ffd5dc', 'ffdfbf', 'c8f0c0', 'fff1a8', '2b2d42'],
  glassesProbability: 50,
  hatProbability: 25,
  beardProbability: 10,
  accessoriesProbability: 20,
}

// record draws the avatar of a seed: its label and its pixels, plane after plane.
function record(seed) {
  const avatar = createAvatar(pixelArt, { ...style, seed })
  const properties = avatar.toJson().extra
  const image = new Resvg(avatar.toString(), { fitTo: { mode: 'width', value: side } }).render()
  if (image.width !== side || image.height !== side) throw new Error(`${seed} is ${image.width}×${image.height} pixels`)
  const label =
    (String(properties.hair ?? '').startsWith('long') ? 1 : 0) | (properties.glasses ? 2 : 0) | (properties.hat ? 4 : 0)
  const bytes = Buffer.alloc(1 + 3 * side * side, label)
  for (let i = 0; i < side * side; i++) {
    for (let c = 0; c < 3; c++) bytes[1 + c * side * side + i] = image.pixels[4 * i + c]
  }
  return bytes
}

// different yields as many records as wanted, no two with the same pixels.
function* different(count) {
  const seen = new Set()
  for (let i = 0; seen.size < count; i++) {
    const bytes = record(`ddpm-${i}`)
    const pixels = bytes.toString('latin1', 1)
    if (seen.has(pixels)) continue
    seen.add(pixels)
    yield bytes
  }
}

async function main(folder) {
  await mkdir(folder, { recursive: true })
  const records = different(files.reduce((sum, f) => sum + f.count, 0))
  let other = false
  for (const { name, count, md5 } of files) {
    const content = []
    while (content.length < count) {
      content.push(records.next().value)
      if (content.length % 5000 === 0) console.error(`${name}: ${content.length} of ${count}`)
    }
    const file = Buffer.concat(content)
    const sum = createHash('md5').update(file).digest('hex')
    if (sum !== md5) {
      console.error(`${name}: its content has the MD5 ${sum}, want ${md5}: are the packages those of package-lock.json (npm ci)?`)
      other = true
    }
    await writeFile(join(folder, `${name}.gz`), gzipSync(file, { level: 9 }))
  }
  if (other) process.exitCode = 1
}

if (process.argv.length !== 3) {
  console.error('usage: node generate.mjs FOLDER')
  process.exit(2)
}
await main(process.argv[2])
