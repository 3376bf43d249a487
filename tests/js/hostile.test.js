// Five hundred inputs that nobody should pass, the same in every run: each call ends, with a result or an
// error of the package, and what was called works afterwards.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'

import { runModule } from './support/child.js'
import { drawCases, hunted, sweepCases } from './support/hostile-cases.js'
import { thrownValues } from './support/hostile-values.js'
import { hunt } from './support/hunt.js'
import { importPackage } from './support/package.js'
import { seeded } from './support/random.js'

const SEED = 0x6e6f7274
const INPUTS = 500

/** @type {typeof import('northbound')} */
let northbound

before(async () => {
  northbound = await importPackage()
})

test(`${INPUTS} hostile inputs end in a result or in an error of the package`, async (t) => {
  const cases = drawCases(northbound, seeded(SEED), INPUTS)
  assert.equal(cases.length, INPUTS)
  const { counts, faults } = await hunt(hunted(northbound), cases)
  for (const [entry, count] of counts) t.diagnostic(`${count} inputs of ${entry}`)
  assert.deepEqual(faults, [])

  for (const Class of [northbound.NorthApiClient, northbound.NorthApiRequests]) {
    const methods = Object.getOwnPropertyNames(Class.prototype)
    for (const method of methods.filter((name) => name !== 'constructor')) {
      assert.ok((counts.get(`${Class.name}.${method}`) ?? 0) >= 10, `${Class.name}.${method}`)
    }
  }
})

test('every hostile value is survived at every kind of place', async (t) => {
  const { counts, faults } = await hunt(hunted(northbound), sweepCases(northbound))
  for (const [entry, count] of counts) t.diagnostic(`${count} values as ${entry}`)
  assert.deepEqual(faults, [])
})

test('a getter that throws makes an InvalidArgumentError, whatever it throws', async () => {
  const { NorthApiRequests, InvalidArgumentError } = northbound
  const requests = new NorthApiRequests({
    appId: 'app1',
    secret: 'a-secret',
    platformIp: 'platform.example',
    platformPort: 8743,
  })
  for (const [name, thrown] of thrownValues(northbound)) {
    const input = {
      get deviceId() {
        throw thrown()
      },
    }
    assert.throws(
      () => requests.queryDeviceStatus(/** @type {any} */ (input), { accessToken: 'a-token' }),
      (error) =>
        error instanceof InvalidArgumentError &&
        error.argument === 'input' &&
        error.operation === 'queryDeviceStatus',
      name,
    )
  }
})

test('the same seed draws the same inputs, another seed others', () => {
  const drawn = (/** @type {number} */ seed) =>
    drawCases(northbound, seeded(seed), 100).map(({ entry, what }) => `${entry}: ${what}`)
  assert.deepEqual(drawn(SEED), drawn(SEED))
  assert.notDeepEqual(drawn(SEED), drawn(SEED + 1))
})

describe('a hunt finds', () => {
  /**
   * A client that is right but for one method.
   * @param {(fake: { broken: boolean }) => unknown} method
   */
  async function found(method, asynchronous = true) {
    const target = {
      make: () => ({ broken: false }),
      alive: async (/** @type {{ broken: boolean }} */ fake) => {
        if (fake.broken) throw new Error('recursive use of an object')
      },
      isRight: northbound.isNorthboundError,
    }
    /** @param {typeof method} call */
    const made = (call) => ({
      entry: 'Fake.method',
      what: 'anything',
      asynchronous,
      arm: (/** @type {{ broken: boolean }} */ fake) => () => call(fake),
    })
    const { counts, faults } = await hunt(target, [made(method), made(async () => {})], 50)
    assert.equal(counts.get('Fake.method'), 2)
    return faults
  }

  test('nothing in a client that keeps its promises', async () => {
    assert.deepEqual(await found(async () => 'an answer'), [])
  })

  test('an asynchronous method that throws', async () => {
    const [fault] = await found(() => {
      throw new TypeError('at once')
    })
    assert.match(String(fault), /^0: Fake\.method with anything threw at once: TypeError: at once$/)
  })

  test('an error that is none of the package', async () => {
    const [fault] = await found(async () => {
      throw new WebAssembly.RuntimeError('unreachable')
    })
    assert.match(String(fault), /ended in RuntimeError: unreachable/)
  })

  test('a call that never ends', async () => {
    const [fault] = await found(() => new Promise(() => {}))
    assert.match(String(fault), /did not end within 50 ms/)
  })

  test('a call that holds the thread', async () => {
    const [fault] = await found(() => {
      const since = Date.now()
      while (Date.now() - since < 80);
    }, false)
    assert.match(String(fault), /held the thread \d+ ms/)
  })

  test('a rejection that nobody handles', async () => {
    const faults = await found(async () => void Promise.reject(new Error('lost')))
    assert.deepEqual(faults, ['0: Fake.method with anything caused an unhandledRejection'])
  })

  test('an exception that nobody catches', async () => {
    const faults = await found(
      () =>
        new Promise((resolve) => {
          setImmediate(resolve)
          process.nextTick(() => {
            throw new Error('lost')
          })
        }),
    )
    assert.deepEqual(faults, ['0: Fake.method with anything caused an uncaughtException'])
  })

  test('an instance that is spoilt for the next call', async () => {
    const faults = await found(async (fake) => void (fake.broken = true))
    assert.match(String(faults), /broke the next call: Error: recursive use of an object/)
  })
})

describe('the process is not held for ever by', () => {
  /**
   * Calls a client in a process of its own, since a loop could not be ended otherwise.
   * @param {string} fetch the source of the fetch
   */
  async function callWith(fetch) {
    const source = `
      import { NorthApiClient } from 'northbound'
      const app = { appId: 'app1', secret: 's', platformIp: 'platform.example', platformPort: 1 }
      const client = new NorthApiClient(app, { timeoutMs: 200, fetch: ${fetch} })
      await client.getAuthToken().catch((error) => console.log(error.name))`
    const execArgv = ['--max-old-space-size=512']
    return (await runModule(source, { timeoutMs: 5000, execArgv })).stdout.trim()
  }

  test('an error of the fetch that refers to itself in many ways', async () => {
    const wide = `async () => {
      const error = new Error('wide')
      for (let index = 0; index < 40; index += 1) error['member' + index] = error
      throw error
    }`
    assert.equal(await callWith(wide), 'NetworkError')
  })

  test('an error of the fetch that holds megabytes of bytes', async () => {
    const heavy = `async () => {
      throw Object.assign(new Error('heavy'), { rawPacket: Buffer.alloc(2e7) })
    }`
    assert.equal(await callWith(heavy), 'NetworkError')
  })

  test('an answer of empty pieces without an end', async () => {
    const empty = `async () => ({
      status: 200,
      headers: new Headers(),
      body: { getReader: () => ({ read: async () => ({ value: new Uint8Array(0) }), async cancel() {} }) },
    })`
    assert.match(await callWith(empty), /^(TimeoutError|DecodeError|NetworkError)$/)
  })
})
