import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { asked, type Foreign } from './foreign.ts'

const usual = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox']

/** The Firefox that is installed here, or that FIREFOX names. */
export const firefox = process.env['FIREFOX'] || usual.find((path) => existsSync(path))

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly result?: unknown
  readonly error?: string
  readonly message?: string
  readonly params?: { readonly level: string; readonly text: string }
}

interface Evaluated {
  readonly type: 'success' | 'exception'
  readonly result: { readonly value: string }
  readonly exceptionDetails: { readonly text: string }
}

/** Starts Firefox without a window, with a profile of its own, and drives it by WebDriver BiDi, which it speaks itself. */
export async function launchFirefox(path: string): Promise<Foreign> {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'))
  const child = spawn(path, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: profile, LANG: 'en_US.UTF-8' },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    void ended.then(() => reject(new Error(`${path} ended before it could be driven: ${said}`)))
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString()
      const [found] = /ws:\/\/\S+/.exec(said) ?? []
      if (found) resolve(found)
    })
  })
  const socket = new WebSocket(`${url}/session`)
  const waiting = new Map<number, (answer: Answer) => void>()
  const complaints: string[] = []
  let last = 0
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer
    const { level, text } = answer.params ?? {}
    if (answer.method === 'log.entryAdded' && (level === 'error' || level === 'warn')) complaints.push(String(text))
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
  })
  async function call(method: string, params: object): Promise<unknown> {
    const id = ++last
    socket.send(JSON.stringify({ id, method, params }))
    const { error, message, result } = await new Promise<Answer>((resolve) => waiting.set(id, resolve))
    if (error) throw new Error(`${method}: ${error}: ${message}`)
    return result
  }
  await call('session.new', { capabilities: {} })
  await call('session.subscribe', { events: ['log.entryAdded'] })
  const tree = (await call('browsingContext.getTree', {})) as { contexts: [{ context: string }] }
  const { context } = tree.contexts[0]
  return {
    goto: async (to) => void (await call('browsingContext.navigate', { context, url: to, wait: 'complete' })),
    async ask<T>(body: string) {
      const expression = { expression: asked(body), awaitPromise: true, target: { context } }
      const got = (await call('script.evaluate', expression)) as Evaluated
      if (got.type === 'exception') throw new Error(got.exceptionDetails.text)
      return JSON.parse(got.result.value) as T
    },
    complaints: () => Promise.resolve(complaints),
    async close() {
      socket.send(JSON.stringify({ id: ++last, method: 'browser.close', params: {} }))
      await ended
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
