import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The path of the browser that is installed here, or of the one that CHROME names. */
export function installed(): string {
  const found = process.env['CHROME'] ?? usual.find((path) => existsSync(path))
  if (!found) throw new Error('There is no Chromium or Chrome here: install one, or set CHROME to its path.')
  return found
}

/** Starts the browser without a window. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: installed(), args: flags })
}

/** The same with a visitor's profile in a folder, which keeps what was fetched and compiled. */
export function launchProfile(profile: string, options: BrowserContextOptions): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, { ...options, executablePath: installed(), args: flags })
}
