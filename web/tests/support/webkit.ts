import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { asked, type Foreign } from './foreign.ts'

const driver = '/usr/bin/WebKitWebDriver'
const screen = '/usr/bin/Xvfb'

/** WebKitGTK as Debian's webkit2gtk-driver brings it, and a screen to show it on: one that is there, or xvfb's. */
export const webkit =
  existsSync(driver) && (process.env['DISPLAY'] !== undefined || existsSync(screen)) ? driver : undefined

/** Starts WebKitGTK's MiniBrowser and drives it by WebDriver. */
export async function launchWebKit(path: string): Promise<Foreign> {
  const display = process.env['DISPLAY'] === undefined ? await virtualScreen() : undefined
  const port = await freePort()
  const child = spawn(path, [`--port=${port}`], {
    // Its browser is a process of its own, which ends with its group.
    detached: true,
    stdio: 'ignore',
    // In the C locale the browser's language is no language.
    env: { ...process.env, LANG: 'en_US.UTF-8', ...(display ? { DISPLAY: display.name } : {}) },
  })
  const close = () => {
    end(child)
    end(display?.process)
  }
  async function call(method: string, at: string, body?: object): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}${at}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
    })
    const { value } = (await response.json()) as { value: { error?: string; message?: string } }
    if (!response.ok) throw new Error(`${at}: ${value.error}: ${value.message}`)
    return value
  }
  try {
    for (let tries = 100; ; tries--) {
      const ready = await call('GET', '/status').catch((error: unknown) =>
        tries > 0 ? undefined : Promise.reject(error),
      )
      if (ready) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const { sessionId } = (await call('POST', '/session', { capabilities: {} })) as { sessionId: string }
    const session = `/session/${sessionId}`
    const ask = async <T>(body: string) => {
      const script = `const done = arguments[0]; ${asked(body)}.then((json) => done([json]), (e) => done(['', String(e)]))`
      const got = (await call('POST', `${session}/execute/async`, { script, args: [] })) as [string, string?]
      if (got[1] !== undefined) throw new Error(got[1])
      return JSON.parse(got[0]) as T
    }
    return {
      async goto(url) {
        await call('POST', `${session}/url`, { url })
        // This driver tells nothing of the console: the page is asked to remember, from its first moments on.
        await ask(`
          if (window.complaints) return
          window.complaints = []
          for (const level of ['error', 'warn']) console[level] = (...words) => complaints.push(words.join(' '))
          addEventListener('error', (event) => complaints.push(event.message))
          addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)))`)
      },
      ask,
      complaints: () => ask('return window.complaints'),
      async close() {
        await call('DELETE', session)
        close()
      },
    }
  } catch (error) {
    close()
    throw error
  }
}

async function virtualScreen(): Promise<{ readonly name: string; readonly process: ChildProcess }> {
  const process = spawn(screen, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const number = await new Promise<string>((resolve, reject) => {
    process.once('exit', () => reject(new Error(`${screen} ended before it had a screen.`)))
    process.stdout?.once('data', (said: Buffer) => resolve(said.toString().trim()))
  })
  return { name: `:${number}`, process }
}

function end(child: ChildProcess | undefined): void {
  if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
