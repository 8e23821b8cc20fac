import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './hosted.ts'

export interface Workerd {
  readonly url: string
  /** The processes that run it. */
  readonly pid: number
  close(): Promise<void>
}

/** Runs the built worker in workerd, as `make worker-dev` does: no account, and nothing is told to anyone. */
export async function workerd(...options: string[]): Promise<Workerd> {
  const folder = join(root, 'wasm/edge')
  const child = spawn(
    process.execPath,
    ['node_modules/wrangler/bin/wrangler.js', 'dev', '--local', '--ip', '127.0.0.1', '--port', '0', ...options],
    {
      cwd: folder,
      env: {
        ...process.env,
        CI: 'true',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_SEND_ERROR_REPORTS: 'false',
      },
      // Its own children end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    const hear = (data: Buffer) => {
      said += data.toString()
      const [, address] = /Ready on (http:\/\/\S+)/.exec(said) ?? []
      if (address) resolve(address)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', () => reject(new Error(said)))
  })
  const { pid = 0 } = child
  return {
    url,
    pid,
    close: async () => {
      if (child.exitCode === null) process.kill(-pid, 'SIGTERM')
      await ended
    },
  }
}
