import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const flags = [
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

/** Starts the browser that is installed here, or the one that CHROME names, without a window. */
export function launch(): Promise<Browser> {
  const found = process.env['CHROME'] ?? usual.find((path) => existsSync(path))
  if (!found) throw new Error('There is no Chromium or Chrome here: install one, or set CHROME to its path.')
  return chromium.launch({ executablePath: found, args: flags })
}
