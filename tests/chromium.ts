import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Starts the machine's Chromium without a window; the caller closes it. `CHROMIUM` names another one. */
export function launchChromium(): Promise<Browser> {
  // Its sandbox wants a user of its own, which containers lack; the tests open nothing but their own pages.
  return chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
}

function findChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env
  const places = CHROMIUM ? [CHROMIUM] : PATH.split(delimiter).flatMap((dir) => names.map((name) => join(dir, name)))
  const found = places.find(isExecutable)
  if (!found) {
    throw new Error(
      `no Chromium among ${places.join(', ')}: install one (Debian: apt-get install chromium) or name it in CHROMIUM`,
    )
  }
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
