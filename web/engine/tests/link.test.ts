import { expect, test, vi } from 'vitest'
import type { Reply, Request } from '../../shared/protocol.ts'
import { Link, type WorkerLike } from '../client/link.ts'

/** A worker that does nothing by itself. */
class Puppet implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null
  onerror: WorkerLike['onerror'] = null
  readonly asked: Request[] = []
  terminated = false

  postMessage(message: Request): void {
    this.asked.push(message)
  }

  terminate(): void {
    this.terminated = true
  }

  say(reply: Reply): void {
    this.onmessage?.({ data: reply } as MessageEvent<Reply>)
  }

  err(message: string): void {
    this.onerror?.({ message, preventDefault: () => undefined } as ErrorEvent)
  }
}

function linked() {
  const worker = new Puppet()
  const crashed = vi.fn()
  return { worker, crashed, link: new Link(worker, crashed) }
}

test('replies find their calls in any order', async () => {
  const { worker, link } = linked()
  const first = link.call('values', { which: 'x0' })
  const second = link.call('values', { which: 'eps' })
  worker.say({ type: 'result', id: worker.asked[1]?.id ?? 0, value: 'second' })
  worker.say({
    type: 'error',
    id: worker.asked[0]?.id ?? 0,
    error: { kind: 'invalid', subject: 'picture', message: 'no' },
  })
  expect(await second).toBe('second')
  await expect(first).rejects.toMatchObject({ name: 'EngineError', kind: 'invalid', subject: 'picture', message: 'no' })
})

test('a script that does not load is missing, not crashed', async () => {
  const { worker, crashed, link } = linked()
  const call = link.call('parseRecipe', { text: '' })
  worker.err('')
  await expect(call).rejects.toMatchObject({ kind: 'missing', subject: 'worker' })
  expect(crashed).toHaveBeenCalledOnce()
  expect(worker.terminated).toBe(true)
})

test('an error that nobody caught is a crash, once', async () => {
  const { worker, crashed, link } = linked()
  const calls = [link.call('values', { which: 'x0' }), link.call('parseRecipe', { text: '' })]
  worker.err('Uncaught Error: boom')
  worker.err('Uncaught Error: boom again')
  worker.say({ type: 'crash', message: 'late' })
  for (const call of calls)
    await expect(call).rejects.toMatchObject({ kind: 'crashed', message: expect.stringContaining('boom') })
  await expect(link.call('values', { which: 'x0' })).rejects.toMatchObject({ kind: 'crashed' })
  expect(crashed).toHaveBeenCalledOnce()
  expect(worker.asked).toHaveLength(2)
})

test('closing rejects what is under way with the reason, and is no crash', async () => {
  const { worker, crashed, link } = linked()
  const call = link.call('values', { which: 'x0' })
  link.close('enough')
  await expect(call).rejects.toBe('enough')
  await expect(link.call('values', { which: 'x0' })).rejects.toBe('enough')
  expect(crashed).not.toHaveBeenCalled()
  expect(worker.terminated).toBe(true)
})

test('steps go to their run until it is over', async () => {
  const { worker, link } = linked()
  const steps: number[] = []
  const alone = { beginning: undefined, together: false, beside: false }
  const call = link.call(
    'run',
    { recipe: '', first: 0, count: 1, planes: [], ...alone },
    { onStep: (s) => steps.push(s.index) },
  )
  const id = worker.asked[0]?.id ?? 0
  const step = { index: 1, of: 2, t: 9, sigma: 0, first: 0, count: 1, pictures: {} }
  worker.say({ type: 'step', id, step })
  worker.say({ type: 'step', id: id + 1, step })
  worker.say({ type: 'result', id, value: { finished: true } })
  worker.say({ type: 'step', id, step: { ...step, index: 2 } })
  expect(await call).toEqual({ finished: true })
  expect(steps).toEqual([1])
})
