// webTokenStore in Chromium, on the modules of the package as they stand in the repository.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { checkTurns, playRounds, startTabs } from './support/tabs.js'

/** The control has a short lease: what it loses is only given out again after that. */
const RACY = { name: 'racy', key: 'racy', rounds: 40, leaseMs: 500, untilDoubled: true }

/** @type {import('./support/tabs.js').Tabs} */
let tabs
/** @type {import('puppeteer-core').Page} */
let page

before(async () => {
  tabs = await startTabs()
  page = await tabs.open()
})
after(() => tabs?.stop())

describe('one login serves six pages that ask at once,', () => {
  for (const [place, secure] of /** @type {const} */ ([
    ['loopback', true],
    ['plain', false],
  ])) {
    const where = secure ? 'on loopback' : 'on a plain-http host name, without Web Locks'
    test(`${where}, round after round`, async (t) => {
      const pages = await tabs.openMany(6, tabs.origins[place])
      t.after(() => Promise.all(pages.map((each) => each.close())))
      assert.deepEqual(await pages[0]?.evaluate(() => [isSecureContext, 'locks' in navigator]), [
        secure,
        secure,
      ])
      checkTurns(await playRounds(tabs, pages, { name: 'northbound', key: place, rounds: 4 }))
    })
  }
})

test('the same rounds with a store whose steps are not atomic lead to two logins', async (t) => {
  const pages = await tabs.openMany(6)
  t.after(() => Promise.all(pages.map((each) => each.close())))
  const played = await playRounds(tabs, pages, RACY)
  assert.ok(Math.max(...played.map(({ logins }) => logins)) >= 2, 'the test is too kind')
})

test('the published suite passes, on both kinds of host', async (t) => {
  const pages = await Promise.all(Object.values(tabs.origins).map((origin) => tabs.open(origin)))
  t.after(() => Promise.all(pages.map((each) => each.close())))
  await Promise.all(pages.map((each) => each.evaluate(() => stores.check('conformance'))))
})

describe('pages share with', () => {
  /** @type {[string, (page: import('puppeteer-core').Page) => Promise<import('puppeteer-core').WebWorker>][]} */
  const kinds = [
    ['a dedicated worker', (from) => tabs.worker(from, 'dedicated')],
    ['a shared worker', (from) => tabs.worker(from, 'shared')],
    ['a service worker', (from) => tabs.worker(from, 'service')],
  ]
  for (const [kind, start] of kinds) {
    test(kind, async () => {
      const worker = await start(page)
      const first = await worker.evaluate((key) => stores.turn({ key, owner: 'worker' }), kind)
      const second = await page.evaluate((key) => stores.turn({ key, owner: 'page' }), kind)
      assert.equal(first.loggedIn, true)
      assert.deepEqual([second.accessToken, second.loggedIn], [first.accessToken, false])
    })
  }
})

/** Short enough to wait for, long enough for a login meanwhile. */
const LEASE_MS = 1000

describe('the right to log in passes on', () => {
  const other = { owner: 'other', leaseMs: LEASE_MS }

  test('at once from a page that goes elsewhere', async (t) => {
    const { page: holder, release, since } = await tabs.loginUnderWay('left', 10_000)
    t.after(release)
    await holder.goto(`${tabs.origins.loopback}/elsewhere`)
    const turn = await page.evaluate((asked) => stores.turn(asked), { ...other, key: 'left' })
    assert.deepEqual([turn.loggedIn, turn.stored, turn.generation], [true, true, 2])
    assert.ok(performance.now() - since < 5000)
    await holder.close()
  })

  test('at once from a page that is closed', async (t) => {
    const { page: holder, release, since } = await tabs.loginUnderWay('closed', 10_000)
    t.after(release)
    await holder.close()
    const turn = await page.evaluate((asked) => stores.turn(asked), { ...other, key: 'closed' })
    assert.deepEqual([turn.loggedIn, turn.stored, turn.generation], [true, true, 2])
    assert.ok(performance.now() - since < 5000)
  })

  test('after its end from a page that crashed', async (t) => {
    const { page: holder, release, since } = await tabs.loginUnderWay('crashed', LEASE_MS)
    t.after(release)
    const crashed = new Promise((resolve) => holder.once('error', resolve))
    const cdp = await holder.createCDPSession()
    cdp.send('Page.crash').catch(() => {}) // a page that crashed does not answer
    await crashed
    const turn = await page.evaluate((asked) => stores.turn(asked), { ...other, key: 'crashed' })
    assert.deepEqual([turn.loggedIn, turn.stored, turn.generation], [true, true, 2])
    assert.ok(performance.now() - since < LEASE_MS + 1000)
    await holder.close()
  })

  test('after its end from a page that is frozen, whose late commit is refused', async () => {
    const { page: holder, release, since } = await tabs.loginUnderWay('frozen', LEASE_MS)
    const cdp = await holder.createCDPSession()
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
    // The answer arrives while it is frozen: a page that is awake would store it now.
    release()
    const turn = await page.evaluate((asked) => stores.turn(asked), { ...other, key: 'frozen' })
    assert.deepEqual([turn.loggedIn, turn.stored, turn.generation], [true, true, 2])
    assert.ok(performance.now() - since < LEASE_MS + 1000)

    await cdp.send('Page.setWebLifecycleState', { state: 'active' })
    const late = await holder.evaluate(() => stores.finish())
    assert.deepEqual([late.loggedIn, late.stored, late.generation], [true, false, 1])
    const known = await holder.evaluate(() => stores.store().read('frozen'))
    assert.equal(known?.accessToken, turn.accessToken)
    await holder.close()
  })
})

test('a store listens to the page only while it holds a lease', async () => {
  const fresh = await tabs.open()
  const seen = await fresh.evaluate(async () => {
    const listening = new Set()
    const { addEventListener, removeEventListener } = globalThis
    globalThis.addEventListener = (/** @type {any[]} */ ...args) => {
      if (args[0] === 'pagehide') listening.add(args[1])
      return Reflect.apply(addEventListener, globalThis, args)
    }
    globalThis.removeEventListener = (/** @type {any[]} */ ...args) => {
      if (args[0] === 'pagehide') listening.delete(args[1])
      return Reflect.apply(removeEventListener, globalThis, args)
    }
    const store = stores.store('listening')
    const sizes = /** @type {number[]} */ ([])
    const note = () => sizes.push(listening.size)
    await store.acquire('one', 'me', 10_000).then(note)
    await store.acquire('two', 'me', 10_000).then(note)
    await store.release('one', 'me', 1).then(note)
    await store.commit('two', 'me', stores.tokenOf('token', 1)).then(note)
    return sizes
  })
  assert.deepEqual(seen, [1, 1, 1, 0])
  await fresh.close()
})
