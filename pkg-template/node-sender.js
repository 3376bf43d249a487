/**
 * What sends for clients without a `fetch` of their own in Node: node-exchange.js, for a fraction of the
 * CPU, as long as nobody could tell the difference. Whoever has a hand in the global fetch (a mock, a
 * tracer, a proxy, a dispatcher) is asked as before, and so is the global fetch wherever that is in doubt.
 * All is looked up for each call, since tests put mocks in place and take them away again.
 */
import { hasSubscribers } from 'node:diagnostics_channel'

import { setSender } from './northbound.js'

/** @typedef {import('./node-exchange.js').Send} Send */

/**
 * Makes it the sender of clients without a `fetch`.
 *
 * @param {() => Promise<{ sender: () => Send }>} load imports node-exchange.js. Not called before the first
 *   call that it is to send: who only prepares requests needs none of it
 */
export function sendLean(load) {
  /** @type {Promise<Send> | undefined} */
  let loading
  /** @type {Send | undefined} */
  let lean
  const loaded = async () => {
    // Where a bundler has lost it, the global fetch does as well.
    loading ??= load().then(
      ({ sender }) => sender(),
      () => byFetch,
    )
    return (lean = await loading)
  }
  setSender((url, init, ending) => {
    if (!isOfNode(globalThis.fetch) || isProxySet() || isWatched() || !isUndirected()) {
      return byFetch(url, init)
    }
    return lean ? lean(url, init, ending) : loaded().then((send) => send(url, init, ending))
  })
}

/** @type {Send} */
const byFetch = (url, init) => globalThis.fetch(url, /** @type {RequestInit} */ (init))

const { toString } = Function.prototype

/**
 * What functions were found to say. A function's text never changes, and to search it for each call would
 * cost as much as a signature.
 *
 * @type {WeakMap<Function, Record<string, boolean>>}
 */
const found = new WeakMap()

/**
 * Whether a function's text has these words.
 *
 * @param {unknown} value
 * @param {string} words
 */
function says(value, words) {
  if (typeof value !== 'function') return false
  const known = found.get(value) ?? {}
  found.set(value, known)
  return (known[words] ??= toString.call(value).includes(words))
}

/**
 * By its text, since the import of this module may come while a mock is in place. No other function can
 * load what Node's loads.
 *
 * @param {unknown} fetch
 */
function isOfNode(fetch) {
  return says(fetch, "require('internal/deps/undici/undici')")
}

/** Both are read when Node starts; what only resembles Node may lack the first. */
const FLAGS = [...(process.execArgv ?? []), ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)]
const HAS_FLAG = FLAGS.includes('--use-env-proxy')

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
const PROXY = [...VARIABLES, ...VARIABLES.map((name) => name.toLowerCase())]

function isProxySet() {
  return HAS_FLAG || PROXY.some((name) => process.env[name])
}

/** By tracers that hear of the requests of undici, which the global fetch is made of. */
function isWatched() {
  return hasSubscribers('undici:request:create')
}

/**
 * Whether nobody has set a dispatcher. undici keeps it where every copy of it finds it, under a number that
 * grows with the interface; Node puts one there at the first use of its fetch.
 */
function isUndirected() {
  const symbols = Object.getOwnPropertySymbols(globalThis).filter((symbol) =>
    Symbol.keyFor(symbol)?.startsWith('undici.globalDispatcher.'),
  )
  try {
    return symbols.every((symbol) => isDefault(/** @type {any} */ (globalThis)[symbol]))
  } catch {
    // A member that throws is none of Node's.
    return false
  }
}

/**
 * Whether a dispatcher is what Node puts there: of the classes of its own copy, which esbuild has bundled
 * as it bundles no module of a package, with no options, and nothing of it replaced.
 *
 * @param {any} dispatcher
 */
function isDefault(dispatcher) {
  if (dispatcher === undefined) return true
  const { constructor, dispatch } = Object.getPrototypeOf(dispatcher)
  // A composed one is a proxy that answers for this member alone.
  if (dispatcher.dispatch !== dispatch) return false
  // What a newer undici leaves for older ones: it passes everything on to the one under the newer number.
  if (says(constructor, '__name(this, "Dispatcher1Wrapper")')) return true
  if (!says(constructor, '__name(this, "Agent")')) return false
  if (!says(dispatch, 'handler must be an object')) return false
  const members = Object.getOwnPropertySymbols(dispatcher)
  const { options, factory } = Object.fromEntries(
    members.map((symbol) => [symbol.description, dispatcher[symbol]]),
  )
  const isPlain = (/** @type {unknown} */ value) => value === undefined || value === Infinity
  return factory.name === 'defaultFactory' && Object.values(options).every(isPlain)
}
