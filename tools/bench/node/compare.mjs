// Runs ddpm and onnxruntime-node in turns on the same networks and prints the
// ratio of their rates: `make bench-node`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import ort from 'onnxruntime-node'
import { readTensors, writeTensors } from './safetensors.mjs'

const { values: options } = parseArgs({
  options: {
    ddpm: { type: 'string', default: 'ddpm' },
    digits: { type: 'string', default: 'weights/digits.safetensors' },
    out: { type: 'string', default: 'bench-node' },
    threads: { type: 'string', default: String(Math.min(2, cpus().length)) },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '0.5' },
    net: { type: 'string', multiple: true, default: ['digits', 'base32', 'base64', 'base128'] },
  },
})
const threads = Array.from({ length: Number(options.threads) }, (_, i) => i + 1).filter((n) => (n & (n - 1)) === 0)
const batches = { base128: [1, 4] }
const tolerance = 1e-4

mkdirSync(options.out, { recursive: true })
const ddpm = (...args) => execFileSync(options.ddpm, args, { encoding: 'utf8', maxBuffer: 1 << 24 })

const results = []
for (const name of options.net) results.push(...(await compare(name)))
print(results)
const report = join(options.out, 'node.json')
const text = JSON.stringify({ cpu: cpus()[0].model, node: process.version, peer: ort.env.versions, results }, null, 2)
writeFileSync(`${report}.part`, `${text}\n`)
renameSync(`${report}.part`, report)

/** Compares one network at its batches on every number of threads. */
async function compare(name) {
  const model = name === 'digits' ? options.digits : join(options.out, `${name}.safetensors`)
  if (name !== 'digits') ddpm('init', '--net', name, '--out', model)
  const onnx = join(options.out, `${name}.onnx`)
  ddpm('onnx', '--model', model, '--out', onnx)
  const { metadata } = readTensors(model)
  const config = JSON.parse(metadata.config)
  const sessions = new Map()
  for (const n of threads) {
    const session = await ort.InferenceSession.create(onnx, { intraOpNumThreads: n, interOpNumThreads: 1 })
    sessions.set(n, session)
  }
  const error = await disagreement(model, metadata, config, sessions.get(1))
  if (!(error <= tolerance)) throw new Error(`${name}: the outputs differ by ${error}, more than ${tolerance}`)

  const cases = []
  for (const batch of batches[name] ?? [1, 16]) {
    for (const n of threads) cases.push({ network: name, batch, threads: n, ours: [], theirs: [], error })
  }
  const seconds = Number(options.seconds)
  const sizes = [...new Set(cases.map((c) => c.batch))]
  for (let round = 0; round < Number(options.rounds); round++) {
    const flags = ['--threads', threads.at(-1), '--batch', sizes.join(), '--benchtime', `${seconds}s`, '--json']
    const { forward, mul_adds } = JSON.parse(ddpm('bench', 'network', '--model', model, ...flags))
    for (const c of cases) {
      const { seconds: ours } = forward.find((f) => f.batch === c.batch && f.threads === c.threads)
      const theirs = await time(sessions.get(c.threads), feeds(config, c.batch), seconds)
      c.ours.push(2e-9 * mul_adds * c.batch / ours)
      c.theirs.push(2e-9 * mul_adds * c.batch / theirs)
    }
  }
  for (const session of sessions.values()) await session.release()
  return cases.map((c) => ({ ...c, ours: median(c.ours), theirs: median(c.theirs), ratio: median(c.ours.map((v, i) => v / c.theirs[i])) }))
}

/** The largest difference between the two predictions of ε, over the largest ε. */
async function disagreement(model, metadata, config, session) {
  const count = 2
  const step = 400
  const input = feeds(config, count, step)
  const [from, to] = ['in', 'eps'].map((file) => join(options.out, `${file}.safetensors`))
  const tensors = {}
  for (const [key, { type, dims, data }] of Object.entries(input)) {
    tensors[key] = { dtype: type === 'int64' ? 'I64' : 'F32', shape: dims, data }
  }
  writeTensors(from, tensors)
  ddpm('eps', '--model', model, '--in', from, '--out', to)
  const ours = readTensors(to).tensor('eps')
  const theirs = toEps(Object.values(await session.run(input))[0].data, input.x.data, metadata, step + 1)
  let worst = 0
  let largest = 0
  for (const [i, value] of ours.entries()) {
    worst = Math.max(worst, Math.abs(value - theirs[i]))
    largest = Math.max(largest, Math.abs(value))
  }
  return worst / largest
}

/** ε of what the network gives: itself, or of v by ε = √ᾱ·v + √(1−ᾱ)·x. */
function toEps(output, x, { prediction, schedule, timesteps }, t) {
  if (prediction === 'eps') return output
  if (prediction !== 'v' || schedule !== 'cosine') throw new Error(`no ε from ${prediction} on the schedule ${schedule}`)
  const f = (t) => Math.cos((t / Number(timesteps) + 0.008) / 1.008 * (Math.PI / 2)) ** 2
  const alphaBar = f(t) / f(0)
  return output.map((v, i) => Math.sqrt(alphaBar) * v + Math.sqrt(1 - alphaBar) * x[i])
}

/** The network's inputs for a batch: some numbers between −2 and 2. */
function feeds(config, count, step = 500) {
  const size = config.in_channels * config.image_size ** 2
  const x = Float32Array.from({ length: count * size }, (_, i) => 2 * Math.sin(i * i * 0.37 + i))
  const all = {
    x: new ort.Tensor('float32', x, [count, config.in_channels, config.image_size, config.image_size]),
    t: new ort.Tensor('int64', new BigInt64Array(count).fill(BigInt(step)), [count]),
  }
  if (config.num_classes > 0) all.y = new ort.Tensor('int64', new BigInt64Array(count).fill(-1n), [count])
  return all
}

/** The time of one run, in seconds: the median of bursts, after a warm-up. */
async function time(session, input, seconds) {
  const bursts = 7
  await session.run(input)
  const times = []
  for (let burst = 0; burst < bursts; burst++) {
    const start = performance.now()
    let now = start
    let runs = 0
    for (; now - start < (1000 * seconds) / bursts; now = performance.now(), runs++) await session.run(input)
    times.push((now - start) / 1000 / runs)
  }
  return median(times)
}

function median(list) {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

function print(rows) {
  console.log('effective GFLOP/s, 2 × multiply-adds / time; ratios are of neighbouring runs, their median')
  const line = (...cells) => console.log(cells.map((c, i) => String(c)[i ? 'padStart' : 'padEnd'](i ? 12 : 8)).join(' '))
  line('network', 'batch', 'threads', 'ddpm', 'onnxruntime', 'ratio', 'difference')
  for (const r of rows) {
    line(r.network, r.batch, r.threads, r.ours.toFixed(1), r.theirs.toFixed(1), r.ratio.toFixed(2), r.error.toExponential(1))
  }
}
