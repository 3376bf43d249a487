// webTokenStore in Firefox: what its IndexedDB does by itself, and what it refuses.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { checkThatRacesShow, checkTurns, firefox, playRounds, startTabs } from '../support/tabs.js'

const ROUNDS = 25

/** @type {import('../support/tabs.js').Tabs} */
let tabs

before(async () => {
  tabs = await startTabs(firefox)
})
after(() => tabs?.stop())

for (const place of /** @type {const} */ (['loopback', 'plain'])) {
  test(`six pages of Firefox (${place}) log in once in each of ${ROUNDS} rounds`, async (t) => {
    const pages = await tabs.openMany(6, tabs.origins[place])
    t.after(() => Promise.all(pages.map((page) => page.close())))
    const asked = { name: 'northbound', key: place, rounds: ROUNDS }
    const played = await playRounds(tabs, pages, asked)
    assert.equal(played.length, ROUNDS)
    checkTurns(played)
  })
}

test('without atomic steps some of the rounds have two logins in Firefox', (t) =>
  checkThatRacesShow(tabs, t, ROUNDS))

test('the published suite passes in Firefox', async () => {
  const page = await tabs.open()
  await page.evaluate(() => stores.check('conformance'))
  await page.close()
})

test('the right to log in passes on at once from a page of Firefox that goes elsewhere', async (t) => {
  const { page: holder, release, since } = await tabs.loginUnderWay('left', 10_000)
  t.after(release)
  await holder.goto(`${tabs.origins.loopback}/elsewhere`)
  const page = await tabs.open()
  const turn = await page.evaluate(() => stores.turn({ key: 'left', owner: 'other' }))
  assert.deepEqual([turn.loggedIn, turn.stored, turn.generation], [true, true, 2])
  assert.ok(performance.now() - since < 5000)
})

test('a frame of Firefox with an opaque origin is told that storage is denied', async () => {
  const outer = await tabs.browser.newPage()
  await outer.goto(`${tabs.origins.loopback}/sandbox`)
  const [, frame] = outer.frames()
  assert.ok(frame)
  await frame.waitForFunction(() => 'stores' in globalThis)
  const seen = await frame.evaluate(() => stores.failureOf(() => stores.store().read('key')))
  assert.deepEqual([seen?.retryable, seen?.cause], [false, 'SecurityError'])
})
