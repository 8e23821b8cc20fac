import { describe, expect, test } from 'vitest'
import { checkpoint, engine } from '../../engine/tests/support.ts'
import { Engines } from './engines.ts'

const url = (bytes: Uint8Array) => `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`

/** The tiny checkpoint under another name, and so with another hash. */
function renamed(name: string): Uint8Array {
  const bytes = Buffer.from(checkpoint())
  const at = bytes.indexOf('"tiny"')
  bytes.write(name, at + 1)
  return bytes
}

async function shipped() {
  const files = { 'digits.safetensors': renamed('tiny'), 'fashion.safetensors': renamed('fash') }
  return Promise.all(
    Object.entries(files).map(async ([file, bytes]) => {
      const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
      return {
        file,
        name: file.slice(0, 4),
        hash: digest.toString('hex').slice(0, 12),
        bytes: bytes.length,
        size: 12,
        channels: 1,
        recipe: '',
        url: url(bytes),
      }
    }),
  )
}

const start = async () => (await engine({ workers: 1 })).engine

describe('the models of the page', () => {
  test('are loaded when they are named; the first one where none is, or one that is not there', async () => {
    const list = await shipped()
    const [digits, fashion] = list
    const engines = new Engines(list.toReversed(), start)
    expect((await engines.openModel('ffffffffffff')).model.name).toBe('tiny')
    expect(engines.model?.hash).toBe(digits?.hash)
    expect((await engines.openModel(fashion?.hash)).model.name).toBe('fash')
    // Whoever names none has the one that is there.
    expect((await engines.openModel()).model.hash).toBe(fashion?.hash)
    expect((await engines.openModel(digits?.hash)).model.name).toBe('tiny')
    ;(await engines.open()).close()
  })

  test('asked for at once, the last one stays', async () => {
    const list = await shipped()
    const engines = new Engines(list, start)
    await Promise.all(list.map(({ hash }) => engines.openModel(hash)))
    expect(engines.model?.hash).toBe(list[1]?.hash)
    expect(engines.file?.file).toBe('fashion.safetensors')
    ;(await engines.open()).close()
  })

  test('that cannot be fetched can be tried again, and the one before is still there', async () => {
    const [digits, fashion] = await shipped()
    const broken = { ...fashion!, url: 'data:nothing' }
    const engines = new Engines([digits!, broken], start)
    await engines.openModel()
    await expect(engines.openModel(broken.hash)).rejects.toMatchObject({ name: 'EngineError' })
    await expect(engines.openModel(broken.hash)).rejects.toMatchObject({ name: 'EngineError' })
    expect((await engines.openModel(digits?.hash)).model.name).toBe('tiny')
    ;(await engines.open()).close()
  })
})
