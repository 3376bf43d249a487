// Tabs of the console that share one token, by a store that only this browser can open.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { consoleInChromium, id, openTab, until } from './support/console.js'
import { APP } from './support/simulator.js'

/** @typedef {Awaited<ReturnType<typeof openTab>>} Tab */

const TOKENS = 'northbound-console-token'
const KEY = 'northbound-console-key'

// A name of another machine, as far as the browser can tell: no encryption there on plain http.
const stage = consoleInChromium({ args: ['--host-resolver-rules=MAP console.test 127.0.0.1'] })

test('two tabs log in once, and one renews for both', async (t) => {
  const open = await freshContext(t)
  const first = await open()
  assert.equal(await ticked(first, 'share'), false, 'it is off until the user ticks it')
  await first.click('share')
  await logIn(first)
  await first.shows('token-shared', 'shared between tabs')
  assert.equal(await first.text('token-cause'), 'login')
  await first.screenshot('huawei-shared')

  const second = await open()
  await until(async () => assert.equal(await ticked(second, 'share'), true))
  await logIn(second)
  await second.shows('token-cause', 'shared')
  assert.equal(await second.text('token-shared'), 'shared between tabs')
  assert.deepEqual(await operations(), ['login'])
  assert.equal(await second.text('token-generation'), await first.text('token-generation'))
  assert.equal(await second.text('token-ends'), await first.text('token-ends'))

  await second.click('token-refresh')
  await second.shows('status', 'Token refreshed')
  const renewed = await second.text('token-generation')
  await first.page.bringToFront()
  await first.click('devices-load')
  await first.click('device-query')
  await first.shows('status', 'Status read')
  await first.shows('token-generation', renewed)
  assert.equal(await first.text('token-cause'), 'shared')
  assert.deepEqual(
    (await operations()).filter((/** @type {string} */ name) => /login|refreshToken/.test(name)),
    ['login', 'refreshToken'],
  )
  first.seen.secrets.push(...second.seen.secrets)
  await first.nothingLeaked()
  await second.nothingLeaked()
})

test('a tab that comes later shows the same ring, not a full one', async (t) => {
  const open = await freshContext(t)
  await stage.sim.control('PATCH', '/settings', { tokenLifeS: 15 })
  t.after(() => stage.sim.control('PATCH', '/settings', { tokenLifeS: 3600 }))
  const first = await open()
  await first.click('share')
  await logIn(first)
  await until(async () => assert.ok((await ring(first)) < 0.7))
  const second = await open()
  await logIn(second)
  await second.shows('token-cause', 'shared')
  const [other, one] = [await ring(second), await ring(first)]
  // Each counts by a clock of whole seconds.
  assert.ok(Math.abs(one - other) < 0.15, `${one} and ${other} are left`)
})

test('the key cannot be read out, and seals no text twice alike', async (t) => {
  const open = await freshContext(t)
  const tab = await open()
  await tab.click('share')
  await logIn(tab)
  const [key] = await records(tab, KEY)
  assert.deepEqual(key, { type: 'secret', extractable: false, algorithm: 'AES-GCM' })
  const [before] = await records(tab, TOKENS)
  assert.match(JSON.stringify(before), /"payload":"[\w+/=]{100,}"/)
  await tab.click('token-refresh')
  await tab.shows('status', 'Token refreshed')
  const [after] = await records(tab, TOKENS)
  assert.notEqual(payload(before).slice(0, 16), payload(after).slice(0, 16), 'a new vector')
})

test('unticking removes everything, key included, and ends the sharing of all tabs', async (t) => {
  const open = await freshContext(t)
  const first = await open()
  await first.click('share')
  await logIn(first)
  const second = await open()
  await logIn(second)
  assert.deepEqual(await databases(first), [KEY, TOKENS])

  await second.click('share')
  await second.shows('status', 'The token is no longer shared; nothing of it is kept')
  for (const tab of [first, second]) {
    await until(async () => assert.equal(await tab.isThere('token-shared'), false))
    assert.equal(await ticked(tab, 'share'), false)
  }
  await first.page.bringToFront()
  await first.click('devices-load')
  await first.click('device-query')
  await first.shows('status', 'Status read')
  assert.deepEqual(await databases(first), [], 'a call stores nothing either')
  assert.equal(await first.page.evaluate(() => localStorage.getItem('northbound.issued')), null)
})

test('Disconnect keeps what other tabs share, or forgets it on this machine', async (t) => {
  const open = await freshContext(t)
  const tab = await open()
  await tab.click('share')
  await logIn(tab)
  await tab.click('disconnect')
  await tab.shows('connection-state', 'not logged in')
  assert.deepEqual(await databases(tab), [KEY, TOKENS])
  await logIn(tab)
  await tab.shows('token-cause', 'shared')
  assert.deepEqual(await operations(), ['login'], 'the token was still there')

  await tab.click('disconnect-forget')
  await tab.shows('connection-state', 'not logged in')
  await until(async () => assert.deepEqual(await databases(tab), []))
  await tab.nothingLeaked()
})

test('a choice made later takes effect at the next login', async (t) => {
  const open = await freshContext(t)
  const tab = await open()
  await logIn(tab)
  await tab.click('share')
  await tab.shows('share-pending', 'Takes effect at the next login.')
  assert.deepEqual(await databases(tab), [])
  await tab.screenshot('huawei-share-pending')
  await tab.click('connection-change')
  await logIn(tab)
  await tab.shows('token-shared', 'shared between tabs')
  assert.equal(await tab.isThere('share-pending'), false)
  await tab.click('connection-change')
  assert.equal(await tab.isThere('connection-secret-error'), false, 'a field that was cleared')
})

test('where nothing can be sealed, it is shared after a second tick alone', async (t) => {
  const open = await freshContext(t, stage.sim.http.replace('127.0.0.1', 'console.test'))
  const tab = await open()
  assert.equal(await tab.page.evaluate(() => crypto.subtle === undefined), true)
  await tab.click('connection-allowInsecureHttp')
  await tab.click('share')
  await tab.shows('share-warning', /cannot seal/)
  await tab.screenshot('huawei-unsealed')
  await logIn(tab)
  assert.equal(await tab.isThere('token-shared'), false)
  assert.deepEqual(await databases(tab), [], 'the first tick alone shares nothing')

  await tab.click('share-unsealed')
  await tab.click('connection-change')
  await logIn(tab)
  await tab.shows('token-shared', 'shared, unsealed')
  assert.deepEqual(await databases(tab), [TOKENS])
  const second = await open()
  await second.click('connection-allowInsecureHttp')
  await second.shows('share-warning', /cannot seal/)
  await second.click('share-unsealed')
  await logIn(second)
  await second.shows('token-cause', 'shared')

  await second.click('share')
  await until(async () => assert.deepEqual(await databases(tab), []))
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

/** Opens tabs that share their storage. @param {import('node:test').TestContext} t */
async function freshContext(t, address = stage.sim.http) {
  await stage.sim.control('POST', '/reset')
  await stage.sim.control('DELETE', '/journal')
  const context = await stage.browser.createBrowserContext()
  t.after(() => context.close())
  return () => openTab(context, `${address}/`, { secrets: [APP.secret] })
}

/** @param {Tab} tab */
async function logIn(tab) {
  await tab.page.bringToFront()
  await tab.click('preset-simulator')
  await tab.click('login')
  await tab.shows('status', 'Logged in as app1')
}

/** @param {Tab} tab @param {string} name */
function ticked(tab, name) {
  return tab.page.$eval(id(name), (box) => box.matches(':checked'))
}

/** What is left of the ring, from 1 to 0. @param {Tab} tab */
async function ring(tab) {
  await tab.page.bringToFront()
  return Number(await tab.attribute('token-ring', 'data-left'))
}

async function operations() {
  return (await stage.sim.journal()).map((/** @type {any} */ { operation }) => operation)
}

/** @param {Tab} tab */
async function databases(tab) {
  const names = await tab.page.evaluate(async () =>
    (await indexedDB.databases()).map(({ name }) => String(name)),
  )
  return names.sort()
}

/** The records of a database, keys told as what they are. @param {Tab} tab @param {string} name */
function records(tab, name) {
  return tab.page.evaluate(async (database) => {
    /** @param {IDBRequest} request @returns {Promise<any>} */
    const done = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const opened = await done(indexedDB.open(database))
    const [store] = opened.objectStoreNames
    const all = await done(opened.transaction(store).objectStore(store).getAll())
    opened.close()
    return all.map((/** @type {any} */ record) =>
      record instanceof CryptoKey
        ? {
            type: record.type,
            extractable: record.extractable,
            algorithm: record.algorithm.name,
          }
        : record,
    )
  }, name)
}

/** @param {unknown} record */
function payload(record) {
  return /"payload":"([^"]+)"/.exec(JSON.stringify(record))?.[1] ?? ''
}
