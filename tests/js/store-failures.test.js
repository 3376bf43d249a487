// Token stores that are down, stuck, broken or hostile: every call is answered all the same.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'

import { runModule } from './support/child.js'
import { rejection, until } from './support/expect.js'
import { importPackage } from './support/package.js'
import {
  checkThatRejectionsAreSeen,
  listener,
  many,
  METHODS,
  watched,
  watchRejections,
} from './support/sharing.js'
import { ADDRESS, operationOf, reply } from './support/stub.js'

/**
 * @typedef {import('northbound').NorthApiOptions} NorthApiOptions
 * @typedef {import('northbound').TokenStore} TokenStore
 * @typedef {import('./support/sharing.js').Method} Method
 */

const { InvalidArgumentError, NorthApiClient, memoryTokenStore } = await importPackage()

const INFO = { appId: 'app1', secret: 'secret-of-app1', ...ADDRESS }
const DEVICE = { deviceId: 'device-1' }

/** How long a store that does not answer holds up a call: 6 seconds, and one deadline of 2. */
const LONGEST_MS = 8500

const unhandled = watchRejections()
after(() => assert.deepEqual(unhandled, []))

/**
 * A platform where each login ends the former token.
 *
 * @param {{ loginMs?: number }} [options]
 */
function platform({ loginMs = 0 } = {}) {
  let newest = 0
  /** @type {string[]} */
  const operations = []
  /** @type {import('northbound').FetchLike} */
  const fetch = async (url, init) => {
    const operation = operationOf(url, init)
    operations.push(operation)
    if (operation.endsWith('AuthToken')) {
      newest += 1
      if (loginMs > 0) await sleep(loginMs)
      return reply(200, {
        ...{ scope: 'default', tokenType: 'bearer', expiresIn: 3600 },
        ...{ accessToken: `access-${newest}`, refreshToken: `refresh-${newest}` },
      })
    }
    if (init.headers['authorization'] !== `Bearer access-${newest}`) {
      return reply(403, { resultcode: '1010005', resultmsg: 'Invalid access token' })
    }
    return reply(200, { ...DEVICE, activated: true, name: null })
  }
  return {
    fetch,
    operations,
    end: () => (newest += 1),
    logins: () => operations.filter((each) => each === 'getAuthToken').length,
  }
}

/** @param {TokenStore} tokenStore @param {NorthApiOptions} [options] */
function connect(tokenStore, { fetch = platform().fetch, ...options } = {}) {
  const heard = listener()
  const all = { retry: /** @type {const} */ (false), fetch, onEvent: heard.onEvent, ...options }
  return { client: new NorthApiClient(INFO, { ...all, tokenStore }), ...heard }
}

const thrower = () => {
  throw new Error('a getter that throws')
}
const trap = () => new Proxy({}, { get: thrower, ownKeys: thrower, has: thrower })
const GOOD = {
  ...{ accessToken: 'access-9', refreshToken: 'r', tokenType: 'bearer', scope: 'default' },
  ...{ lifeMs: 60_000, refreshLifeMs: 60_000, generation: 1 },
}

/** How any method may fail. @type {Record<string, () => any>} */
const FAILURES = {
  rejects: () => Promise.reject(new Error('down')),
  throws: () => {
    throw new TypeError('down')
  },
  'throws nothing': () => {
    throw undefined
  },
  'rejects with a text': () => Promise.reject('down'),
  'rejects with a symbol': () => Promise.reject(Symbol('down')),
  'rejects with a trap': () => Promise.reject(trap()),
  'throws an error whose members throw': () => {
    throw Object.defineProperties(new Error('x'), {
      name: { get: thrower },
      code: { get: thrower },
      retryable: { get: thrower },
    })
  },
  'answers with a thenable that throws': () => ({ then: thrower }),
  'answers with a thenable that rejects twice': () => ({
    then: (/** @type {any} */ _, /** @type {(error: Error) => void} */ no) => {
      no(new Error('once'))
      no(new Error('twice'))
      thrower()
    },
  }),
  'never settles': () => new Promise(() => {}),
}

/** Answers that are none, where a token, a lease or a wait is expected. @type {Record<string, () => any>} */
const NONSENSE = {
  nothing: () => undefined,
  null: () => null,
  'a text': () => 'lease',
  'a number': () => 1,
  NaN: () => Number.NaN,
  'a function': () => () => 1,
  'a symbol': () => Symbol('x'),
  'a big integer': () => 10n,
  'a list': () => [],
  'an empty object': () => ({}),
  'an object that contains itself': () => {
    const self = /** @type {any} */ ({})
    self.token = self
    return self
  },
  'a trap': trap,
  'a getter that throws': () => ({
    get token() {
      return thrower()
    },
  }),
  'a token that is a text': () => ({ token: 'access-9' }),
  'a token without members': () => ({ token: {} }),
  'a token without its access token': () => ({ token: { ...GOOD, accessToken: undefined } }),
  'a token without its life': () => ({ token: { ...GOOD, lifeMs: undefined } }),
  'a token whose life is a text': () => ({ token: { ...GOOD, lifeMs: '60000' } }),
  'a token whose life is NaN': () => ({ token: { ...GOOD, lifeMs: Number.NaN } }),
  'a token whose life is endless': () => ({ token: { ...GOOD, lifeMs: Infinity } }),
  'a token whose life is negative': () => ({ token: { ...GOOD, lifeMs: -1 } }),
  'a token with control characters': () => ({
    token: { ...GOOD, accessToken: 'a\r\nx-other: header' },
  }),
  'a token that is empty': () => ({ token: { ...GOOD, accessToken: '' } }),
  'a token whose generation is a text': () => ({ token: { ...GOOD, generation: '1' } }),
  'a generation as a text': () => ({ generation: '1' }),
  'a generation that is negative': () => ({ generation: -1 }),
  'a generation that is a fraction': () => ({ generation: 1.5 }),
  'a generation that is huge': () => ({ generation: 1e300 }),
  'a wait as a text': () => ({ retryAfterMs: '50' }),
  'a wait that is NaN': () => ({ retryAfterMs: Number.NaN }),
  'a wait that is negative': () => ({ retryAfterMs: -5 }),
  'a wait that is endless': () => ({ retryAfterMs: Infinity }),
}

/** A store whose one method fails. @param {Method} broken @param {() => any} how */
const failing = (broken, how) =>
  watched(memoryTokenStore(), (method, _, ask) => (method === broken ? how() : ask()))

describe('a store', { concurrency: true }, () => {
  for (const [how, fail] of Object.entries({ ...FAILURES, ...NONSENSE })) {
    const what = how in FAILURES ? how : `answers ${how}`
    test(`whose acquire ${what} holds up a call for 6 to 8 seconds, and is told once`, async () => {
      const { store, count } = failing('acquire', fail)
      const { client, warnings, causes } = connect(store, { throttle: false })
      const start = performance.now()
      const calls = many(5, () => client.queryDeviceStatus(DEVICE))
      assert.equal((await Promise.all(calls)).length, 5)
      const took = performance.now() - start
      assert.ok(took > 5900 && took < LONGEST_MS, `it took ${took} ms`)
      assert.ok(count('acquire') >= 3 && count('acquire') < 25, `${count('acquire')} questions`)
      assert.equal(warnings().length, 1)
      assert.match(String(warnings('token-store')[0]), /^the token store failed at acquire \(/)
      assert.deepEqual(causes(), ['login'])
      await client.queryDeviceStatus(DEVICE)
      assert.deepEqual(causes(), ['login'])
    })
  }

  for (const [how, fail] of Object.entries(FAILURES)) {
    test(`whose commit ${how} holds up a call for a deadline at most`, async () => {
      const { store } = failing('commit', fail)
      const { client, warnings, causes } = connect(store)
      const start = performance.now()
      assert.equal((await client.queryDeviceStatus(DEVICE)).activated, true)
      assert.ok(performance.now() - start < 3500)
      assert.equal(warnings().filter((text) => /failed at commit/.test(text)).length, 1)
      assert.deepEqual(causes(), ['login'])
    })

    test(`whose renew ${how} holds up no login`, async () => {
      const { store, count } = failing('renew', fail)
      const { fetch } = platform({ loginMs: 1500 })
      const { client, warnings, causes } = connect(store, { fetch })
      const start = performance.now()
      assert.equal((await client.queryDeviceStatus(DEVICE)).activated, true)
      assert.ok(performance.now() - start < 3500)
      assert.ok(count('renew') >= 1)
      assert.ok(warnings().filter((text) => /failed at/.test(text)).length <= 1)
      assert.deepEqual(causes(), ['login'])
    })

    test(`whose take ${how} holds up the first call for 6 to 8 seconds, and is told once`, async () => {
      const { store } = failing('take', fail)
      const { client, warnings } = connect(store)
      const start = performance.now()
      for (const _ of many(5, () => 0)) await client.queryDeviceStatus(DEVICE)
      const took = performance.now() - start
      assert.ok(took > 5900 && took < LONGEST_MS, `it took ${took} ms`)
      assert.equal(warnings().length, 1)
      assert.match(String(warnings('token-store')[0]), /^the token store failed at take \(/)
    })

    test(`whose read and release ${how} holds up nothing`, async () => {
      const { store, count } = watched(memoryTokenStore(), (method, _, ask) =>
        method === 'read' || method === 'release' ? fail() : ask(),
      )
      const hanging = connect(store, { fetch: () => new Promise(() => {}) })
      const call = hanging.client.queryDeviceStatus(DEVICE, { signal: AbortSignal.timeout(200) })
      const start = performance.now()
      assert.equal((await rejection(call)).name, 'TimeoutError')
      assert.ok(performance.now() - start < 1500)
      await until(() => assert.equal(count('release'), 1))
      const { client } = connect(store)
      assert.equal((await client.queryDeviceStatus(DEVICE)).activated, true)
      assert.ok(performance.now() - start < 6000, 'the lease ended by itself')
    })
  }

  test('that is down and up again is told once each time', async () => {
    let isDown = true
    const { store } = watched(memoryTokenStore(), (_, __, ask) => {
      if (isDown) throw new Error('down')
      return ask()
    })
    const { fetch, end } = platform()
    const { client, warnings, causes } = connect(store, { fetch, throttle: false })
    for (const _ of many(3, () => 0)) await client.queryDeviceStatus(DEVICE)
    assert.equal(warnings().length, 1)
    isDown = false
    await client.getAuthToken({ force: true })
    assert.equal(warnings().length, 2)
    assert.equal(warnings('token-store')[1], 'the token store answers again')
    isDown = true
    end()
    await client.queryDeviceStatus(DEVICE)
    assert.equal(warnings().length, 3)
    assert.match(String(warnings('token-store')[2]), /^the token store failed at acquire/)
    assert.deepEqual(causes(), ['login', 'login', 'rejected', 'login'])
  })

  test('that is down does not let who insists on a new token have the old one', async () => {
    let isDown = false
    const { store } = watched(memoryTokenStore(), (_, __, ask) => {
      if (isDown) throw new Error('down')
      return ask()
    })
    const { client } = connect(store)
    const former = await client.getAuthToken()
    isDown = true
    const [forced, next] = [
      await client.getAuthToken({ force: true }),
      await client.refreshAuthToken(),
    ]
    assert.notEqual(forced.accessToken, former.accessToken, 'by force')
    assert.notEqual(next.accessToken, forced.accessToken, 'by the refresh token')
  })

  test('that says that asking again is useless is not asked again', async () => {
    const denied = Object.assign(new Error('denied'), { name: 'SecurityError', retryable: false })
    const { store, asked } = watched(memoryTokenStore(), () => Promise.reject(denied))
    const { client, warnings } = connect(store)
    const start = performance.now()
    await Promise.all(many(20, () => client.queryDeviceStatus(DEVICE)))
    await client.getAuthToken({ force: true })
    await client.refreshAuthToken()
    await client.queryDeviceStatus(DEVICE)
    assert.ok(performance.now() - start < 2000)
    // Once for the token and once for the count.
    assert.equal(asked.length, 2)
    const reason = 'the token store failed at acquire (SecurityError)'
    assert.deepEqual(warnings(), [`${reason}: the token is now this client's alone`])
  })

  test('that is down fails no call that has a token, and holds it up for no time', async () => {
    let isDown = false
    const { store } = watched(memoryTokenStore(), (method, _, ask) => {
      if (isDown && method !== 'take') return new Promise(() => {})
      return ask()
    })
    const { client } = connect(store)
    await client.queryDeviceStatus(DEVICE)
    isDown = true
    const start = performance.now()
    await Promise.all(many(20, () => client.queryDeviceStatus(DEVICE)))
    assert.ok(performance.now() - start < 500)
  })

  test('whose errors quote a token shows it in no event', async () => {
    const { fetch } = platform()
    const memory = memoryTokenStore()
    const { store } = watched(memory, (method, args, ask) => {
      if (method === 'acquire') return ask()
      const error = new Error(`cannot do ${inspect(args)}`)
      throw Object.assign(error, { args, command: inspect(args), cause: new Error(inspect(args)) })
    })
    const { client, events, warnings } = connect(store, { fetch })
    const { accessToken, refreshToken } = await client.getAuthToken()
    await client.queryDeviceStatus(DEVICE)
    assert.ok(warnings().length >= 1)
    const shown = inspect(events, { depth: 9 })
    for (const secret of [accessToken, refreshToken, INFO.secret])
      assert.ok(!shown.includes(secret))
    assert.match(shown, /failed at commit \(Error\)/)
  })

  for (const member of ['name', 'code']) {
    test(`whose errors have a token for a ${member} shows it in no event`, async () => {
      const { store } = watched(memoryTokenStore(), (method, [, , token], ask) => {
        if (method !== 'commit') return ask()
        throw Object.assign(new Error('refused'), { [member]: `SET ${token.accessToken}` })
      })
      const { client, events, warnings } = connect(store)
      const { accessToken } = await client.getAuthToken()
      assert.equal(warnings().length, 1)
      assert.ok(!inspect(events, { depth: 9 }).includes(accessToken))
    })
  }

  test('that gives the refused token again gives no answer, and is passed over after 6 s', async () => {
    const { fetch, operations, end } = platform()
    const { store, count } = watched(memoryTokenStore(), (method, args, ask) =>
      method === 'acquire' && args[3] !== undefined
        ? { token: { ...GOOD, accessToken: args[3] } }
        : ask(),
    )
    const { client, warnings } = connect(store, { fetch })
    await client.queryDeviceStatus(DEVICE)
    end()
    await client.queryDeviceStatus(DEVICE)
    assert.ok(count('acquire') > 5, 'it was asked again')
    assert.equal(warnings().length, 1)
    const [call, login] = ['queryDeviceStatus', 'getAuthToken']
    assert.deepEqual(operations, [login, call, call, login, call])
  })

  test('whose members throw when a client is made is an InvalidArgumentError', () => {
    for (const method of METHODS) {
      const store = { ...memoryTokenStore() }
      Object.defineProperty(store, method, { get: thrower })
      assert.throws(() => connect(store), InvalidArgumentError, method)
    }
    assert.throws(() => connect(/** @type {any} */ (trap())), InvalidArgumentError)
  })
})

/**
 * What came within 3 seconds of a call of another process, which a loop may hang for good.
 *
 * @param {string} store what is other than in memory
 * @param {string} call
 * @returns {Promise<{ ended: string, asked: number, logins: number }>}
 */
async function within3s(store, call) {
  const source = `
    import { NorthApiClient, memoryTokenStore } from 'northbound'
    const memory = memoryTokenStore()
    const token = ${JSON.stringify(GOOD)}
    let asked = 0
    let logins = 0
    const fetch = async () => {
      logins += 1
      await new Promise((resolve) => setTimeout(resolve, 2))
      const pair = { accessToken: 'access-' + logins, refreshToken: 'refresh-' + logins }
      const rest = { scope: 'default', tokenType: 'bearer', expiresIn: 3600 }
      return new Response(JSON.stringify({ ...pair, ...rest }))
    }
    const acquire = (...args) => {
      asked += 1
      return memory.acquire(...args)
    }
    const tokenStore = { ...memory, acquire, ...${store} }
    const client = new NorthApiClient(${JSON.stringify(INFO)}, { fetch, tokenStore })
    const signal = AbortSignal.timeout(3000)
    const ended = await client${call}.then(() => 'answered', (error) => error.name)
    console.log(JSON.stringify({ ended, asked, logins }))
  `
  const { code, stdout, stderr } = await runModule(source, { timeoutMs: 6000 })
  assert.equal(code, 0, `the process hung, or ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

describe('a store that breaks its promises', { concurrency: true }, () => {
  test('and always gives the same token does not keep who insists on a new one in a loop', async () => {
    const store = '{ acquire: async () => { asked += 1; return { token } } }'
    const { asked } = await within3s(store, '.getAuthToken({ force: true, signal })')
    assert.ok(asked < 100, `${asked} questions`)
  })

  test('and refuses every token makes no flood of logins', async () => {
    const store = '{ commit: async () => false }'
    const { logins } = await within3s(store, '.getAuthToken({ signal })')
    assert.ok(logins < 10, `${logins} logins`)
  })

  test('is none that keeps them: one question and one login', async () => {
    const outcome = await within3s('{}', '.getAuthToken({ force: true, signal })')
    assert.deepEqual(outcome, { ended: 'answered', asked: 1, logins: 1 })
  })
})

test('a rejection that nobody handles would be seen', checkThatRejectionsAreSeen)
