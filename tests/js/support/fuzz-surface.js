// The fuzzer: draws an entry of the public surface, spoils its arguments and its host, pollutes
// Object.prototype meanwhile, and judges what comes of it as `hunt.js` does.

import { inspect } from 'node:util'

import fc from 'fast-check'

import { APP, CONFIG, ENTRIES, SECRET } from './fuzz-entries.js'
import { hosts } from './fuzz-hosts.js'
import { safely, spoilt, steps, value } from './fuzz-values.js'
import { hunted } from './hostile-cases.js'
import { startHunting } from './hunt.js'
import { importPackage } from './package.js'
import { importNode, importRedis } from './stores.js'
import { stubPlatform } from './stub.js'

/** Names that an attacker, or a careless library, gives to all objects. */
const POLLUTED = [
  ...[
    'signal',
    'fetch',
    'onEvent',
    'timeoutMs',
    'retry',
    'throttle',
    'tokenStore',
    'credentials',
    'secret',
  ],
  ...[
    'appId',
    'baseUrl',
    'endpoint',
    'deviceId',
    'force',
    'appId',
    'accessToken',
    'cascade',
    'sealing',
  ],
  ...[
    'error',
    'cause',
    'kind',
    'message',
    'code',
    'status',
    'body',
    'headers',
    'json',
    'tooLarge',
    'thrown',
  ],
  ...[
    'late',
    'result',
    'secrets',
    'task',
    'client',
    'failed',
    'lasting',
    'answer',
    'done',
    'aborted',
    '0',
  ],
  ...[
    'reason',
    'name',
    'length',
    'toString',
    'constructor',
    'error_code',
    'resultcode',
    'Code',
    'retryable',
  ],
]

/**
 * Runs the fuzzer. What it finds it throws: the seed, the path to repeat it, and the smallest case.
 * @param {{ seed: number, rounds: number, more?: object }} options `more` goes to fast-check
 * @returns {Promise<Map<string, number>>} cases by entry
 */
export async function fuzzSurface({ seed, rounds, more }) {
  const northbound = await importPackage()
  const { nodeFetch, fileTokenStore } = await importNode()
  const { redisTokenStore, nodeRedis, ioRedis } = await importRedis()
  const tools = {
    ...{ northbound, nodeFetch, fileTokenStore, redisTokenStore, nodeRedis, ioRedis },
    memoryTokenStore: northbound.memoryTokenStore,
    north: new northbound.NorthApiRequests(APP),
    ons: new northbound.OnsMqttRequests(CONFIG),
  }
  const target = hunted(northbound)
  const isRight = (/** @type {unknown} */ error) => target.isRight(error) && keepsSecrets(error)
  const hunter = startHunting({ ...target, isRight }, 10_000)
  /** @type {Map<string, number>} */
  const counts = new Map()
  const drawn = fc.record({
    entry: fc.constantFrom(...ENTRIES),
    steps: steps(northbound),
    host: hosts(northbound),
    pollution: fc.option(fc.tuple(fc.constantFrom(...POLLUTED), value, fc.boolean()), { nil: undefined, freq: 4 }), // prettier-ignore
  })
  try {
    await fc.assert(
      fc.asyncProperty(drawn, async (draw) => {
        const { entry } = draw.entry
        counts.set(entry, (counts.get(entry) ?? 0) + 1)
        const problems = await hunter.judge(entry, caseOf(draw, tools))
        if (problems.length > 0) throw new Error(`${entry} ${problems.join('; ')}`)
      }),
      { seed, numRuns: rounds, asyncReporter: report, ...more },
    )
  } finally {
    await hunter.stop()
  }
  return counts
}

/** @param {import('fast-check').RunDetails<[any]>} details */
async function report({ failed, seed, counterexample, counterexamplePath, errorInstance }) {
  if (!failed) return
  const [{ entry, steps, host, pollution }] = counterexample ?? [{}]
  const lines = [
    `NORTHBOUND_SEED=${seed}, path ${counterexamplePath}: ${/** @type {any} */ (errorInstance)?.message}`,
    ...steps.map((/** @type {any} */ { what, place }) => `  argument place ${place}: ${what}`),
    ...Object.entries(host).map(
      ([name, given]) => `  ${name}: ${inspect(given?.what ?? given, { depth: 2 })}`,
    ),
    ...(pollution ? [`  Object.prototype.${pollution[0]}: ${pollution[1].what}`] : []),
  ]
  throw new Error(`${entry.entry}\n${lines.join('\n')}`, { cause: errorInstance })
}

/**
 * @param {any} draw
 * @param {any} tools
 * @returns {import('./hunt.js').Case}
 */
function caseOf({ entry, steps, host, pollution }, tools) {
  /** @type {unknown[]} */
  const reasons = []
  const allows = (/** @type {unknown} */ error) =>
    keepsSecrets(error) &&
    (entry.anyError ? !isInternal(error) : reasons.some((each) => Object.is(each, error)))
  return {
    entry: entry.entry,
    what: steps.map((/** @type {any} */ { what }) => what).join(', then '),
    asynchronous: entry.asynchronous,
    allows: (error) => allows(error) || isTimeout(error),
    arm() {
      const args = spoilt(entry.right(), steps)
      const signal = host.signal?.make()
      reasons.push(safely(() => signal?.reason))
      const given = { ...functionsOf(host, tools), signal }
      return () => polluted(pollution, () => entry.call(tools, args, given))
    },
  }
}

/** The reason of the signals that end what would wait long. @param {any} error */
const isTimeout = (error) =>
  safely(() => error instanceof DOMException && error.name === 'TimeoutError') ?? false

/** @param {any} host @param {any} tools */
function functionsOf({ fetch, onEvent, credentials, store }, { memoryTokenStore }) {
  const tokenStore = memoryTokenStore()
  if (store !== undefined) {
    const [method, behaviour] = store
    tokenStore[method] = behaviour.make(tokenStore[method].bind(tokenStore))
  }
  return {
    fetch: fetch.make(stubPlatform().fetch),
    onEvent: onEvent.make(() => {}),
    credentials: credentials.make(() => CONFIG.credentials),
    tokenStore: store === undefined ? undefined : tokenStore,
  }
}

/**
 * Calls while all objects have one member more.
 * @param {[name: string, value: import('./fuzz-values.js').Drawn, enumerable: boolean] | undefined} pollution
 * @param {() => unknown} call
 */
function polluted(pollution, call) {
  if (pollution === undefined) return call()
  const [name, { make }, enumerable] = pollution
  const former = Object.getOwnPropertyDescriptor(Object.prototype, name)
  const restore = () => {
    if (former) Object.defineProperty(Object.prototype, name, former)
    else Reflect.deleteProperty(Object.prototype, name)
  }
  const added = Object.assign(Object.create(null), {
    value: make(),
    enumerable,
    configurable: true,
    writable: true,
  })
  Object.defineProperty(Object.prototype, name, added)
  let returned
  try {
    returned = call()
  } catch (error) {
    restore()
    throw error
  }
  if (!(returned instanceof Promise)) return void restore()
  return returned.finally(restore)
}

/**
 * What cannot be read shows nothing.
 * @param {any} error
 */
function keepsSecrets(error) {
  const shown = safely(() => {
    const { message, stack, name, cause, ...members } = error
    return inspect([message, stack, name, cause, members], { depth: 8, showHidden: true })
  })
  return !shown?.includes(SECRET)
}

/** @param {any} error */
const isInternal = (error) =>
  safely(() => error?.kind === 'internal' || error instanceof WebAssembly.RuntimeError) ?? false
