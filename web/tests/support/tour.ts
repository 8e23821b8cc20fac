import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import { roomNames } from '../../app/rooms.ts'
import type { Foreign } from './foreign.ts'
import { expectDrawn, images, recipe, root } from './hosted.ts'

const few = 'editSteps=4&mistakeSteps=4&walkSteps=4'

/** How many levels there are in what is drawn: no picture has few. */
const levels = `
  const levels = new Set()
  for (const canvas of all('canvas')) {
    const context = canvas.width > 0 && !canvas.closest('.drawing') && canvas.getContext('2d')
    const { data } = context ? context.getImageData(0, 0, canvas.width, canvas.height) : { data: [] }
    for (let i = 0; i < data.length; i += 4) levels.add(data[i])
  }
  return levels.size`

/** The pixels of a room's pictures, as what they are in the page's data. */
const tiles = `
  const of = (canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]
  return [...one('ddpm-tiles.x').shadowRoot.querySelectorAll('canvas')].map(of)`

/**
 * What a visitor with another browser expects: each room draws, the network's pictures are the command line's, a
 * picture of one's own dissolves, time plays, a link can be had, and nothing is complained of.
 */
export async function tour(browser: Foreign, url: string, command: { ddpm: string; folder: string }): Promise<void> {
  const says = async (wanted: string) => {
    await expect.poll(() => browser.ask(`return ${wanted}`), { timeout: 60_000, message: wanted }).toBe(true)
  }
  for (const room of roomNames) {
    await browser.goto(`${url}#room=${room}&lang=en&${recipe}&${few}`)
    await expect.poll(() => browser.ask<number>(levels), { timeout: 60_000 }).toBeGreaterThan(50)
    await says(`all('[aria-busy=true]').length === 0`)
    expect(await browser.ask(`return all('[role=alert]').map((alert) => alert.textContent)`), room).toEqual([])
    if (room !== 'generate') continue
    await says(`/ steps? in /.test(one('ddpm-generate').shadowRoot.querySelector('.progress').textContent)`)
    const out = join(command.folder, 'out.safetensors')
    const model = 'weights/digits.safetensors'
    execFileSync(command.ddpm, ['sample', '--model', model, '--recipe', recipe, '--out', out], { cwd: root })
    const shown = await browser.ask<number[][]>(tiles)
    expectDrawn(
      shown.map((data) => ({ data: Buffer.from(data) })),
      images(out),
    )
  }
  await browser.goto(`${url}#room=forward&t=0&show=linear&lang=en`)
  await browser.ask(`
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 })
    const context = canvas.getContext('2d')
    context.fillStyle = 'rgb(200 80 40)'
    context.fillRect(0, 0, 64, 64)
    const files = new DataTransfer()
    files.items.add(new File([await new Promise((resolve) => canvas.toBlob(resolve))], 'mine.png', { type: 'image/png' }))
    const input = one('ddpm-side').shadowRoot.querySelector('input[type=file]')
    input.files = files.files
    input.dispatchEvent(new Event('change'))`)
  const middle = (t: number) => `(() => {
    const canvas = one('ddpm-panel[schedule=linear]')?.shadowRoot.querySelector('canvas[data-t="${t}"]')
    return canvas && [...canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data].join()
  })()`
  await says(`${middle(0)} === '200,80,40,255'`)
  await browser.goto(`${url}#room=forward&t=700&show=linear&lang=en&picture=own`)
  await says(`/^(?!200,80,40)\\d+,\\d+,\\d+,255$/.test(${middle(700)})`)
  await browser.ask(`one('.play').click()`)
  await says(`one('canvas[data-t]').dataset.t !== '700'`)
  await browser.ask(`one('.play').click(); one('ddpm-share').shadowRoot.querySelector('button').click()`)
  await says(`one('.said')?.textContent.trim().length > 0`)
  expect(await browser.complaints()).toEqual([])
}
