// Judges what a tab of the console shows by axe-core, in both languages and colors, on a phone and on a desk.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { after, before, describe, test } from 'node:test'

import { launchChromium } from './chromium.js'
import { WIDTHS, openTab, serveConsole, until } from './console.js'

/** @typedef {import('./console.js').Tab} Tab */
/** @typedef {[name: string, reach: (tab: Tab) => Promise<unknown>]} View from a fresh tab */

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * A test for each view of a place, in a tab of its own; the last one proves that findings are found.
 * @param {string} fragment where the views begin; BROKER becomes the broker's port
 * @param {View[]} views
 */
export function judgeViews(fragment, views) {
  describe(`#${fragment}, without a finding:`, () => {
    /** @type {Awaited<ReturnType<typeof serveConsole>>} */
    let sim
    /** @type {import('puppeteer-core').Browser} */
    let browser
    before(async () => {
      sim = await serveConsole(['--cors'])
      browser = await launchChromium()
    })
    after(async () => {
      await browser?.close()
      await sim?.stop()
    })

    /** @param {(tab: Tab) => Promise<unknown>} reach */
    const judged = async (reach) => {
      const context = await browser.createBrowserContext()
      try {
        const broker = new URL(sim.mqttWs).port
        const tab = await openTab(context, `${sim.http}/#${fragment.replace('BROKER', broker)}`)
        await reach(tab)
        return await findingsOf(tab)
      } finally {
        await context.close()
      }
    }
    for (const [name, reach] of views)
      test(name, async () => assert.deepEqual(await judged(reach), []))

    test('what is wrong is found, under the policy of the page', async () => {
      const found = await judged(({ page }) => page.evaluate(spoil))
      assert.match(found[0] ?? '', /^zh, dark, 390 px: .*#spoilt/)
      for (const rule of ['label', 'color-contrast']) {
        const lines = found.filter((line) => line.includes(` ${rule}: `))
        assert.equal(lines.length, 8, `${rule} in every language, color and width: ${found}`)
      }
    })
  })
}

function spoil() {
  const faint = document.createElement('p')
  faint.id = 'spoilt'
  faint.append('faint ', document.createElement('input'))
  faint.style.color = 'light-dark(#ddd, #333)'
  document.querySelector('main')?.append(faint)
}

/** What axe-core finds in a view, a line for each element. @param {Tab} tab */
export async function findingsOf(tab) {
  const { page } = tab
  const all = []
  for (const language of ['zh', 'en']) {
    await choose(tab, 'language', language)
    for (const theme of ['dark', 'light']) {
      await choose(tab, 'theme', theme)
      for (const width of WIDTHS) {
        await page.setViewport({ width, height: 900 })
        const found = await findings(tab)
        all.push(...found.map((line) => `${language}, ${theme}, ${width} px: ${line}`))
      }
    }
  }
  return all
}

/** A view without the header follows browser and system alone. @param {Tab} tab @param {string} name @param {string} value */
async function choose({ page }, name, value) {
  const select = `.top [data-testid="${name}"]`
  const dark = { name: 'prefers-color-scheme', value }
  if (!(await page.$(select)))
    return name === 'theme' ? page.emulateMediaFeatures([dark]) : undefined
  await page.select(select, value)
  const attribute = name === 'language' ? 'lang' : 'data-theme'
  await until(async () => {
    const now = await page.$eval('html', (html, key) => html.getAttribute(key), attribute)
    assert.ok(now?.startsWith(value))
  })
}

/** @param {Tab} tab @returns {Promise<string[]>} one line for each element found */
export async function findings({ page }) {
  // Through the debugger, as the page's policy, which stays in force, would refuse it.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${AXE};undefined`)
  return page.evaluate(async () => {
    const { axe } = /** @type {any} */ (window)
    // Colors in the middle of a change would be judged.
    for (const animation of document.getAnimations()) {
      if (animation instanceof CSSTransition) animation.finish()
    }
    // The places that are not shown are large, and have nothing to be found.
    const seen = { include: [['html']], exclude: [['main > [hidden]']] }
    const { violations } = await axe.run(seen, { resultTypes: ['violations'] })
    return violations.flatMap((/** @type {any} */ { id, nodes }) =>
      nodes.map(
        (/** @type {any} */ { target, failureSummary }) =>
          `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`,
      ),
    )
  })
}
