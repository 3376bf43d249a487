// webTokenStore for many rounds: six pages and a worker, on both kinds of host, and beside them the control.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { checkThatRacesShow, checkTurns, playRounds, startTabs } from '../support/tabs.js'

const ROUNDS = 25

/** @type {import('../support/tabs.js').Tabs} */
let tabs

before(async () => {
  tabs = await startTabs()
})
after(() => tabs?.stop())

for (const place of /** @type {const} */ (['loopback', 'plain'])) {
  test(`six pages and a worker (${place}) log in once in each of ${ROUNDS} rounds`, async (t) => {
    const pages = await tabs.openMany(6, tabs.origins[place])
    t.after(() => Promise.all(pages.map((page) => page.close())))
    const [page] = pages
    assert.ok(page)
    const worker = await tabs.worker(page, 'dedicated')
    const asked = { name: 'northbound', key: place, rounds: ROUNDS }
    const played = await playRounds(tabs, [...pages, worker], asked)
    assert.equal(played.length, ROUNDS)
    checkTurns(played)
  })
}

test('without atomic steps some of the rounds have two logins', (t) =>
  checkThatRacesShow(tabs, t, ROUNDS))
