// What users are told of a token store that fails: the words of our own stores, and of others a name.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { storeOutcome, timersArePrompt } from '../../src/js/host.js'
import { importPackage } from './support/package.js'
import {
  importFile,
  importNode,
  importRedis,
  leaseOf,
  sealedMemory,
  sharedToken,
  temporaryFolder,
} from './support/stores.js'
import { ADDRESS, stubPlatform } from './support/stub.js'

const { NorthApiClient } = await importPackage()
const { fileTokenStore } = await importNode()
const { redisTokenStore } = await importRedis()
const { recordsOf } = await importFile('northbound.js')
const folder = temporaryFolder()
const MARK = Symbol.for('northbound.storeMessage')

/** @param {() => unknown} act */
async function told(act) {
  const { failed, lasting = false } = await storeOutcome(async () => act())
  return [failed, lasting]
}

/** @param {unknown} mark */
const marked = (mark) =>
  told(() => Promise.reject(Object.assign(new Error('secret'), { code: 'EIO', [MARK]: mark })))

describe('what is told', () => {
  test('of a folder that is missing is its path and what to do', async () => {
    const store = fileTokenStore(join(folder, 'missing/token'))
    const reason = `the folder ${folder}/missing does not exist; create it`
    assert.deepEqual(await told(() => store.read('k')), [reason, true])
  })

  test('of a file beside the token names that file', async () => {
    const path = join(folder, 'beside')
    mkdirSync(`${path}.calls`)
    const take = () => fileTokenStore(path).take?.('k', { calls: 1, perMs: 1, slackMs: 0 })
    const reason = `${path}.calls is not a file; give the path of one, or of none yet`
    assert.deepEqual(await told(take), [reason, true])
  })

  test('of a failure of the system is its code', async () => {
    const { storeError } = await importFile('file-errors.js')
    const full = Object.assign(new Error('secret'), { code: 'ENOSPC' })
    const fails = () => Promise.reject(storeError('/run/token', full))
    assert.deepEqual(await told(fails), ['/run/token cannot be used: ENOSPC', false])
    const odd = Object.assign(new Error('secret'), { code: 'the secret' })
    const named = () => Promise.reject(storeError('/run/token', odd))
    assert.deepEqual(await told(named), ['/run/token cannot be used', false])
  })

  test('of a lock that is held is what to look for', async () => {
    const { heldError } = await importFile('file-errors.js')
    const reason = 'another process has held the lock of /run/t for 2 s; see whether one is stopped'
    assert.deepEqual(await told(() => Promise.reject(heldError('/run/t', 2000))), [reason, false])
  })

  test('of a long path with odd characters is its end in plain characters', async () => {
    const odd = join(folder, `a\nb\u{1f600}\u202e${'x'.repeat(180)}`)
    const store = fileTokenStore(join(odd, 'token'))
    const [reason, lasting] = await told(() => store.read('k'))
    assert.match(String(reason), /^the folder …x{99} does not exist; create it$/)
    assert.equal(lasting, true)
    const short = fileTokenStore(join(folder, 'a\nb', 'token'))
    assert.match(String((await told(() => short.read('k')))[0]), /a\?b does not exist/)
  })

  test('of IndexedDB is the name of the database and what is wrong with it', async () => {
    const read = () => recordsOf('tokens').look('k', () => ({ answer: undefined }))
    const reason = 'the database "tokens" cannot be opened: there is no IndexedDB here'
    assert.deepEqual(await told(read), [reason, true])
  })

  test('of Redis is what its client calls the error', async () => {
    const refused = Object.assign(new AggregateError([], 'secret'), { code: 'ECONNREFUSED' })
    const store = redisTokenStore(() => Promise.reject(refused))
    const reason = 'Redis could not be asked (AggregateError ECONNREFUSED)'
    assert.deepEqual(await told(() => store.read('k')), [reason, false])
    const wrong = redisTokenStore(async () => 'secret')
    const answered = 'the answer to the script of read is not what it returned'
    assert.deepEqual(await told(() => wrong.read('k')), [answered, false])
  })

  test('of a sealing that fails is that', async () => {
    const seal = (/** @type {string} */ plain) => Promise.reject(new Error(plain))
    const { store } = await sealedMemory({ seal, open: (text) => text })
    const commit = async () => store.commit('k', 'a', sharedToken(await leaseOf(store, 'k')))
    assert.deepEqual(await told(commit), ['sealing.seal failed or returned no text', false])
  })

  test('of any other store is the name of its error, whatever its words', async () => {
    assert.deepEqual(await told(() => Promise.reject(new TypeError('secret'))), [
      'TypeError',
      false,
    ])
    assert.deepEqual(await marked('a short text'), ['a short text', false])
    for (const mark of ['x'.repeat(201), 'a\nb', '\0', '\u2028', '', 5, {}, null, '\ud800']) {
      assert.deepEqual(await marked(mark), ['Error EIO', false])
    }
    const throwing = Object.defineProperty(new Error('secret'), MARK, {
      get() {
        throw new Error('secret')
      },
    })
    assert.deepEqual(await told(() => Promise.reject(throwing)), ['Error', false])
    assert.equal((await marked('x'.repeat(200)))[0], 'x'.repeat(200))
  })

  test('reaches who listens to the client', async () => {
    /** @type {string[]} */
    const warnings = []
    const client = new NorthApiClient(
      { appId: 'app', secret: 'a-secret', ...ADDRESS },
      {
        fetch: stubPlatform().fetch,
        tokenStore: fileTokenStore(join(folder, 'nowhere/token')),
        onEvent: (event) => void (event.type === 'warning' && warnings.push(event.message)),
      },
    )
    await client.getAuthToken()
    const reason = `the folder ${folder}/nowhere does not exist; create it`
    assert.ok(warnings[0]?.includes(` (${reason}): `), warnings[0])
    client.free()
  })
})

test('timers are prompt in Node, and not where a bundler or Electron puts process into a page', (t) => {
  t.after(() => Reflect.deleteProperty(globalThis, 'document'))
  assert.equal(timersArePrompt(), true)
  Object.assign(globalThis, { document: {} })
  assert.equal(timersArePrompt(), false)
})
