// A headless Chromium of one test file's own.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'

import puppeteer from 'puppeteer-core'

const CHROMIUM = process.env['CHROMIUM'] || '/usr/bin/chromium'

/** @param {{ args?: string[], userDataDir?: string }} [further] */
export async function launchChromium({ args = [], ...profile } = {}) {
  assert.ok(existsSync(CHROMIUM), `no Chromium at ${CHROMIUM}: install it, or set CHROMIUM`)
  return puppeteer.launch({
    ...profile,
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  })
}
