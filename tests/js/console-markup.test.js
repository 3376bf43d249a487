// Names of devices that are markup: the console shows them as what they are, nothing of them runs, and nothing could.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { consoleInChromium, openTab } from './support/console.js'

const MARKUP = [
  '<img src=x onerror="window.struck=1">',
  '"><svg onload=window.struck=2>',
  '<script>window.struck=3</script>',
  "'-window.struck--'",
  'javascript:window.struck=4//',
  '${window.struck=5}{{constructor.constructor("window.struck=6")()}}',
]

const stage = consoleInChromium()

test('markup in the names of devices is shown as text', async () => {
  const tab = await openTab(await stage.browser.createBrowserContext(), `${stage.sim.http}/`)
  await tab.logIn()
  for (const [at, name] of MARKUP.entries()) {
    await tab.fill('register-nodeId', `markup-${at}`)
    await tab.fill('register-name', name)
    await tab.click('register-submit')
    await tab.shows('status', `Registered markup-${at}`)
    assert.equal(await tab.text('device-title'), name)
  }
  await tab.click('devices-load')
  await tab.shows('status', /^Loaded \d+ devices$/)
  const found = await tab.page.evaluate((names) => {
    const text = document.body.innerText
    return {
      shown: names.map((name) => text.includes(name)),
      foreign: document.querySelectorAll('img, #app svg[onload], #app script, [onerror]').length,
      struck: /** @type {any} */ (window).struck,
    }
  }, MARKUP)
  assert.deepEqual(
    found.shown,
    MARKUP.map(() => true),
  )
  assert.equal(found.foreign, 0)
  assert.equal(found.struck, undefined)

  await tab.nothingLeaked()

  // Nor would a mistake of the console's own make markup of a text.
  const refused = await tab.page.evaluate((markup) => {
    try {
      document.body.insertAdjacentHTML('beforeend', markup)
      return 'made'
    } catch (error) {
      return String(error)
    }
  }, MARKUP[0])
  assert.match(refused, /TypeError.*TrustedHTML/)
})
