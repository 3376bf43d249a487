// webTokenStore where storage is denied, blocked, foreign or corrupt, and what it keeps there.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { chromium, startTabs } from './support/tabs.js'

/** @type {import('./support/tabs.js').Tabs} */
let tabs
/** @type {import('puppeteer-core').Page} */
let page

before(async () => {
  tabs = await startTabs()
  page = await tabs.open()
})
after(() => tabs?.stop())

describe('storage that cannot be used is told by name, and trying again is useless', () => {
  test('in a frame with an opaque origin', async () => {
    const outer = await tabs.browser.newPage()
    await outer.goto(`${tabs.origins.loopback}/sandbox`)
    const [, frame] = outer.frames()
    assert.ok(frame)
    await frame.waitForFunction(() => 'stores' in globalThis)
    const seen = await frame.evaluate(async () => [
      origin,
      await stores.failureOf(() => stores.store().read('key')),
      await stores.failureOf(() => stores.store().acquire('key', 'owner', 1000)),
    ])
    const denied = {
      message: 'webTokenStore: the database "northbound" cannot be opened: storage is denied here',
      retryable: false,
      cause: 'SecurityError',
    }
    assert.deepEqual(seen, ['null', denied, denied])
    await outer.close()
  })

  test('where the user forbids sites to store anything', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'northbound-profile-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    mkdirSync(join(folder, 'Default'))
    const forbidden = { profile: { default_content_setting_values: { cookies: 2 } } }
    writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify(forbidden))
    const strict = await startTabs(() => chromium(folder))
    t.after(() => strict.stop())
    const denied = await strict.open()
    const seen = await denied.evaluate(() => stores.failureOf(() => stores.store().read('key')))
    assert.equal(seen?.retryable, false)
    assert.match(seen.message, /storage is denied/)
  })

  test('where there is no IndexedDB', async () => {
    const bare = await tabs.open()
    const seen = await bare.evaluate(() => {
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
      return stores.failureOf(() => stores.store('none').read('key'))
    })
    assert.equal(seen?.retryable, false)
    assert.match(seen.message, /no IndexedDB/)
    await bare.close()
  })

  test('where the database is of a newer version', async () => {
    const seen = await page.evaluate(async () => {
      const newer = await stores.foreignDatabase('newer', 7)
      newer.close()
      return stores.failureOf(() => stores.store('newer').read('key'))
    })
    assert.equal(seen?.retryable, false)
    assert.equal(seen.cause, 'VersionError')
    assert.match(seen.message, /"newer" is of a newer version/)
  })

  test('where a database of that name is somebody else’s, which stays as it is', async () => {
    const seen = await page.evaluate(async () => {
      const foreign = await stores.foreignDatabase('foreign', 1)
      foreign.close()
      return stores.failureOf(() => stores.store('foreign').read('key'))
    })
    assert.equal(seen?.retryable, false)
    assert.match(seen.message, /"foreign" is not one of this package/)
  })
})

test('a database that another tab blocks is given up after two seconds, and used once it is free', async () => {
  const seen = await page.evaluate(async () => {
    const blocker = await stores.foreignDatabase('blocked', 1)
    const deletion = stores.deleteDatabase('blocked')
    const since = performance.now()
    const failure = await stores.failureOf(() => stores.store('blocked').read('key'))
    const took = performance.now() - since
    blocker.close()
    await deletion
    return { failure, took, after: await stores.store('blocked').acquire('key', 'me', 1000) }
  })
  assert.equal(seen.failure?.retryable, true)
  assert.match(seen.failure.message, /"blocked" did not answer within 2000 ms/)
  assert.ok(seen.took >= 1900 && seen.took < 4000, `${seen.took} ms`)
  assert.deepEqual(seen.after, { generation: 1 })
})

test('a step that another transaction holds up is given up after two seconds, and not done later', async () => {
  const seen = await page.evaluate(async () => {
    await stores.store('busy').read('key')
    const end = await stores.occupy('busy')
    const since = performance.now()
    const asked = () => stores.store('busy').acquire('key', 'me', 10_000)
    const failure = await stores.failureOf(asked)
    const took = performance.now() - since
    end()
    return { failure, took, after: await stores.store('busy').acquire('key', 'you', 10_000) }
  })
  assert.equal(seen.failure?.retryable, true)
  assert.match(seen.failure.message, /"busy" did not answer within 2000 ms/)
  assert.ok(seen.took >= 1900 && seen.took < 4000, `${seen.took} ms`)
  assert.deepEqual(seen.after, { generation: 1 })
})

test('a deleted database is made anew at the next use, and its deletion is not held up', async () => {
  const seen = await page.evaluate(async () => {
    const store = stores.store('deleted')
    const before = await store.acquire('key', 'me', 10_000)
    await stores.deleteDatabase('deleted')
    return [before, await store.acquire('key', 'you', 10_000)]
  })
  assert.deepEqual(seen, [{ generation: 1 }, { generation: 1 }])
})

test('a database that the browser closed is opened again', async () => {
  const fresh = await tabs.open(tabs.origins.plain)
  const before = await fresh.evaluate(() => stores.store().acquire('cleared', 'me', 10_000))
  const cdp = await fresh.createCDPSession()
  const cleared = { origin: tabs.origins.plain, storageTypes: 'indexeddb' }
  await cdp.send('Storage.clearDataForOrigin', cleared)
  const after = await fresh.evaluate(() => stores.store().acquire('cleared', 'you', 10_000))
  assert.deepEqual([before, after], [{ generation: 1 }, { generation: 1 }])
  await fresh.close()
})

test('foreign and corrupt records count as empty', async () => {
  const seen = await page.evaluate(async () => {
    const store = stores.store('corrupt')
    await store.read('key')
    const token = { payload: '{', since: Date.now(), life: 1e6, refreshLife: 1e6, generation: 3 }
    const records = [
      ...[null, 'text', 7n, [], new Date(), new Map([['a', 1]]), new Blob(['a'])],
      ...[{}, { version: 2, generation: 9 }, { version: 1, generation: 'many' }],
      { version: 1, generation: 3, owner: 'me', token },
    ]
    const answers = []
    for (const record of records) {
      await stores.plant('corrupt', 'key', record)
      answers.push([await store.read('key'), await store.acquire('key', 'me', 1000)])
    }
    return answers
  })
  assert.equal(seen.length, 11)
  seen.forEach(([read, lease], index) => {
    assert.equal(read ?? undefined, undefined)
    // Only the last one is a record of ours, around a payload that is no token.
    const expected = index === 10 ? { generation: 4, unreadable: true } : { generation: 1 }
    assert.deepEqual(lease, expected)
  })
})

test('what is stored is sealed, and a store with another seal takes it for nothing', async () => {
  const seen = await page.evaluate(async () => {
    const seals = (/** @type {string} */ mark) => ({
      mark,
      /** @param {string} plain */
      async seal(plain) {
        return this.mark + btoa(plain)
      },
      /** @param {string} sealed */
      async open(sealed) {
        if (!sealed.startsWith(this.mark)) throw new Error('not mine')
        return atob(sealed.slice(this.mark.length))
      },
    })
    const [one, two] = ['one:', 'two:'].map((mark) =>
      stores.webTokenStore({ name: 'sealed', sealing: seals(mark) }),
    )
    await one?.acquire('key', 'me', 1000)
    await one?.commit('key', 'me', stores.tokenOf('hunted-token', 1))
    const kept = JSON.stringify(await stores.dump('sealed'))
    return { kept, one: await one?.read('key'), two: await two?.read('key') }
  })
  assert.match(seen.kept, /one:/)
  assert.doesNotMatch(seen.kept, /hunted-token/)
  assert.equal(seen.one?.accessToken, 'hunted-token')
  assert.equal(seen.two, undefined)
})

test('options that cannot be right are refused by name', async () => {
  const seen = await page.evaluate(() => {
    const wrong = /** @type {any[]} */ ([
      ...[null, 'name', [], { nmae: 'x' }, { name: '' }, { name: 7 }, { sealing: null }],
      ...[{ sealing: { seal() {} } }, { sealing: { seal: 1, open() {} } }],
      {
        get name() {
          throw new Error('no')
        },
      },
    ])
    return Promise.all(
      wrong.map((options) => stores.failureOf(async () => stores.webTokenStore(options))),
    )
  })
  assert.deepEqual(
    seen.map((each) => each?.argument),
    [
      ...['options', 'options', 'options', 'options.nmae', 'options.name', 'options.name'],
      ...['options.sealing', 'options.sealing', 'options.sealing', 'options'],
    ],
  )
})
