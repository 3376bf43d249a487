// The public classes: they check `this`, copy the arguments, and only then enter WebAssembly.
//
// An exception that unwinds through WebAssembly leaves a borrow behind and spoils the instance. So no
// user's code runs in there: getters and proxies have done their work when a Rust method begins.

import * as wasm from '#glue'
import { NorthboundError, described, isNorthboundError, textsOf } from '#errors'
import { answer, attach, ended, enter, readText, storeOutcome, timersArePrompt } from '#host'

import {
  contentOf,
  isArray,
  linesOf,
  needFunction,
  needStore,
  plain,
  reading,
  refusal,
  takeOut,
  watch,
} from './arguments.js'
import { compute, outcomeOf, requestOf, resultOf } from './results.js'

attach({
  compute: wasm.compute,
  poll: wasm.poll,
  settle: wasm.settle,
  remove: wasm.remove,
  describe: (fault) => described(JSON.parse(fault)).message,
})

/** Operations of the northbound API that take an input; the two logins take none. */
const OF_NORTH_API = [
  'regDirectDevice',
  'refreshDeviceKey',
  'queryDeviceStatus',
  'deleteDirectDevice',
]

/** Operations of the northbound API that log in. */
const LOGINS = ['getAuthToken', 'refreshAuthToken']

/** Operations of ApsaraMQ for MQTT. */
const OF_ONS_MQTT = [
  'registerDeviceCredential',
  'getDeviceCredential',
  'refreshDeviceCredential',
  'unRegisterDeviceCredential',
  'listDeviceCredentialClientId',
  'applyToken',
  'queryToken',
  'revokeToken',
]

let loaded = false

/** Tells that WebAssembly is there. */
export function setLoaded() {
  loaded = true
}

/** @param {string} operation */
function needLoaded(operation) {
  if (loaded) return
  const problem = 'has not been awaited: in a browser, `await init()` once before the first use'
  throw refusal(operation, 'init', problem)
}

/**
 * Sees to it that only errors of this package leave, with a stack that starts where it was called.
 * @param {string} operation
 * @param {unknown} error
 * @param {Function} called
 */
function leaving(operation, error, called) {
  if (!isNorthboundError(error)) {
    const message = 'WebAssembly stopped; this is a fault of northbound, please report it'
    const fault = { message, operation, retryable: false, attempts: 0, cause: error }
    return new NorthboundError(fault)
  }
  // Only V8 has it, and only V8 needs it.
  Error.captureStackTrace?.(error, called)
  return error
}

/**
 * Frees what a user has forgotten, where the engine can tell.
 * @type {FinalizationRegistry<number> | undefined}
 */
const forgotten =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry((client) => wasm.remove(client))
    : undefined

/**
 * A class around a client in Rust, by its number there.
 * @param {string} name
 * @param {string[]} methods
 * @param {(operation: string, args: any[]) => object} construct makes what Rust's client is made of
 * @param {(handle: () => number, method: string, args: any[]) => any} invoke gets the number anew once
 *   the arguments are read, since a getter may have freed it
 * @param {boolean} asynchronous whether methods reject instead of throwing
 * @returns {any}
 */
function guarded(name, methods, construct, invoke, asynchronous) {
  /** @type {WeakMap<object, number>} */
  const clients = new WeakMap()
  class Guarded {
    /** @param {any[]} args */
    constructor(...args) {
      needLoaded(name)
      try {
        const client = compute(name, construct(name, args))
        clients.set(this, client)
        forgotten?.register(this, client, this)
      } catch (error) {
        throw leaving(name, error, Guarded)
      }
    }

    free() {
      const client = clients.get(this)
      if (client === undefined) return
      clients.delete(this)
      forgotten?.unregister(this)
      wasm.remove(client)
    }
  }
  for (const method of methods) {
    const called = {
      /** @this {object} @param {any[]} args */
      [method](...args) {
        const handle = () => {
          const own = typeof this === 'object' && this !== null ? clients.get(this) : undefined
          if (own !== undefined) return own
          throw refusal(method, 'this', `is no ${name}, or one that was freed`)
        }
        try {
          handle()
          return invoke(handle, method, args)
        } catch (error) {
          const left = leaving(method, error, called)
          if (asynchronous) return Promise.reject(left)
          throw left
        }
      },
    }[method]
    define(Guarded.prototype, method, called)
  }
  define(Guarded.prototype, Symbol.dispose ?? Symbol.for('Symbol.dispose'), Guarded.prototype.free)
  define(Guarded.prototype, Symbol.toStringTag, name)
  Object.defineProperty(Guarded, 'name', { value: name })
  return Guarded
}

/**
 * @param {object} target
 * @param {string | symbol} name
 * @param {unknown} value
 */
function define(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, configurable: true })
}

/**
 * Waits for Rust. Being an async function it is part of the caller's chain of awaits, so that V8 can
 * put the caller's own lines into the stack of an error.
 * @param {string} method
 * @param {() => Promise<unknown>} begin
 * @param {any} signal
 * @param {{ stop(): void, now?: boolean }} watched
 */
async function settle(method, begin, signal, watched) {
  let aborted = watched.now
  try {
    if (!aborted) return await begin()
  } catch (error) {
    // Rust rejects with nothing when the caller aborted.
    aborted = error === undefined
    if (!aborted) throw leaving(method, error, settle)
  } finally {
    watched.stop()
  }
  throw reading(method, 'options.signal', 'has a reason that throws', () => signal.reason)
}

/**
 * Runs a method of a client, whose last argument is its options.
 * @param {() => number} handle
 * @param {string} method
 * @param {any[]} args
 */
function callClient(handle, method, args) {
  const takesInput = !LOGINS.includes(method)
  const input = takesInput ? plain(method, 'input', args[0]) : undefined
  const { data: options, taken } = takeOut(method, args[takesInput ? 1 : 0], ['signal'])
  const watched = watch(method, taken[0])
  const begin = () => {
    const task = compute(method, { input, options }, handle())
    return ended(task, watched.aborted, (text) => resultOf(outcomeOf(text)))
  }
  return settle(method, begin, taken[0], watched)
}

/**
 * Prepares a request.
 * @param {() => number} handle
 * @param {string} method
 * @param {any[]} args
 * @param {string[]} names what the arguments are called
 */
function callRequests(handle, method, args, names) {
  const given = names.map((name, index) => [name, plain(method, name, args[index])])
  return prepared(method, compute(method, Object.fromEntries(given), handle()))
}

/**
 * @param {string} name the class
 * @param {unknown} options
 * @param {(functions: any) => any} askOf makes what answers Rust's questions
 * @param {string[]} further options that are no data, beside `fetch` and `onEvent`
 */
function clientOptions(name, options, askOf, further = []) {
  const { data, taken } = takeOut(name, options, ['fetch', 'onEvent', ...further])
  const [fetch, onEvent, tokenStore] = taken
  needFunction(name, 'options.fetch', fetch)
  needFunction(name, 'options.onEvent', onEvent)
  const countsCalls = tokenStore === undefined ? undefined : needStore(name, tokenStore)
  const host = enter({ fetch, onEvent, ask: askOf(tokenStore) })
  const listens = onEvent && true
  const promptTimers = timersArePrompt() || undefined
  return { options: data, origin: pageOrigin(), host, listens, promptTimers, countsCalls }
}

/**
 * How Rust asks a store. Its answers are copied to plain data.
 * @param {string} name
 * @returns {(store: any) => any}
 */
const askStore = (name) => (store) => (/** @type {string} */ method, /** @type {any[]} */ args) =>
  storeOutcome(async () => {
    const answer = await store[method](...args)
    try {
      return plain(name, 'answer', answer)
    } catch {
      // An error of ours would say that asking again is useless.
      throw new TypeError('the answer is no data')
    }
  })

/** Calls the northbound API of Huawei Cloud IoT. */
export const NorthApiClient = guarded(
  'NorthApiClient',
  [...LOGINS, ...OF_NORTH_API],
  (name, [clientInfo, options]) => ({
    input: plain(name, 'clientInfo', clientInfo),
    ...clientOptions(name, options, askStore(name), ['tokenStore']),
  }),
  callClient,
  true,
)

/** The same operations without any I/O. */
export const NorthApiRequests = guarded(
  'NorthApiRequests',
  [...LOGINS, ...OF_NORTH_API],
  (name, [clientInfo, options]) => ({
    input: plain(name, 'clientInfo', clientInfo),
    options: plain(name, 'options', options),
    origin: pageOrigin(),
  }),
  (handle, method, args) => {
    const names = { getAuthToken: [], refreshAuthToken: ['input'] }[method] ?? ['input', 'options']
    return callRequests(handle, method, args, names)
  },
  false,
)

/** Calls ApsaraMQ for MQTT. */
export const OnsMqttClient = guarded(
  'OnsMqttClient',
  OF_ONS_MQTT,
  (name, [config, options]) => {
    const { data, taken } = takeOut(name, config, ['credentials'], 'config')
    const [credentials] = taken
    const asks = typeof credentials === 'function' || undefined
    const ask = async () => ({
      answer: plain(name, 'config.credentials', await credentials.call(undefined)),
    })
    const fixed = asks ? {} : { credentials: plain(name, 'config.credentials', credentials) }
    const isObject = data !== null && typeof data === 'object' && !isArray(data)
    const input = isObject ? { ...data, ...fixed } : data
    return { input, asks, ...clientOptions(name, options, () => ask) }
  },
  callClient,
  true,
)

/** Methods that are made of others. */
const listing = {
  /** @this {any} @param {any} input @param {any} options */
  clientIds(input, options) {
    return allClientIds(this, input, options)
  },
}
define(OnsMqttClient.prototype, 'clientIds', listing.clientIds)

/** The same operations without any I/O. */
export const OnsMqttRequests = guarded(
  'OnsMqttRequests',
  OF_ONS_MQTT,
  (name, [config, options]) => ({
    input: plain(name, 'config', config),
    options: plain(name, 'options', options),
    origin: pageOrigin(),
  }),
  (handle, method, args) => callRequests(handle, method, args, ['input', 'signing']),
  false,
)

/**
 * Every client ID of a group, page after page. The arguments are read now; what is wrong with them is
 * told when the first ID is asked for, since an iterator has no other way.
 * @param {any} client
 * @param {unknown} input
 * @param {unknown} options
 */
function allClientIds(client, input, options) {
  const operation = 'clientIds'
  /** @type {{ group?: any, call?: any, wrong?: unknown }} */
  const read = {}
  try {
    read.group = plain(operation, 'input', input)
    for (const name of ['pageNo', 'nextToken']) {
      if (read.group?.[name] === undefined) continue
      throw refusal(operation, `input.${name}`, 'is not known here: every page is read')
    }
    const { data, taken } = takeOut(operation, options, ['signal'])
    read.call =
      taken[0] === undefined ? data : { .../** @type {object} */ (data), signal: taken[0] }
  } catch (error) {
    read.wrong = error
  }
  return pages(client, read)
}

/**
 * @param {any} client
 * @param {{ group?: any, call?: any, wrong?: unknown }} read
 */
async function* pages(client, { group, call, wrong }) {
  if (wrong !== undefined) throw wrong
  const { listDeviceCredentialClientId } = OnsMqttClient.prototype
  let request = group
  let seen = 0
  let pages = 1
  const tokens = new Set([''])
  for (;;) {
    const page = await listDeviceCredentialClientId.call(client, request, call)
    yield* page.clientIds
    seen += page.clientIds.length
    const { nextToken } = page
    // A token that was there before, or a page with nothing on it, would lead round in circles.
    if (page.clientIds.length === 0 || tokens.has(nextToken)) return
    if (nextToken !== undefined) tokens.add(nextToken)
    if (nextToken === undefined && seen >= page.total) return
    // Pages are counted here, since a platform that tells the wrong number would lead round as well.
    pages += 1
    request = nextToken === undefined ? { ...group, pageNo: pages } : { ...group, nextToken }
  }
}

/**
 * A function that computes a login.
 * @param {string} name
 */
function login(name) {
  const called = {
    [name](/** @type {unknown} */ input) {
      needLoaded(name)
      try {
        return resultOf(compute(name, { input: plain(name, 'input', input) }))
      } catch (error) {
        throw leaving(name, error, called)
      }
    },
  }[name]
  return called
}

/** What an MQTT client connects with: the three login modes. */
export const mqttDeviceLogin = login('mqttDeviceLogin')
export const mqttSignatureLogin = login('mqttSignatureLogin')
export const mqttTokenLogin = login('mqttTokenLogin')

/**
 * Gives a prepared request the way to read its answer.
 * @param {string} operation
 * @param {any} made the request, and what its answer must not show
 */
function prepared(operation, [request, secrets]) {
  const reader = {
    /**
     * @param {unknown} status
     * @param {any} body
     * @param {unknown} headers
     */
    decode(status, body, headers) {
      try {
        if (typeof status !== 'number' || !Number.isInteger(status) || status < 0 || status > 999) {
          throw refusal(operation, 'status', 'is no HTTP status, expected an integer')
        }
        const lines = linesOf(operation, headers)
        const { head, body: content } = answer(status, lines, contentOf(operation, body))
        const text = typeof content === 'string' ? content : readText(content)
        return resultOf(compute(operation, { ...head, secrets }, undefined, text))
      } catch (error) {
        throw leaving(operation, error, reader.decode)
      }
    },
  }
  return requestOf(operation, request, reader.decode)
}

/** The origin of the page or worker that runs us, for addresses that are only a path. */
function pageOrigin() {
  const origin = globalThis.location?.origin
  return typeof origin === 'string' && /^https?:/.test(origin) ? origin : undefined
}

/** Every error that the platforms document. */
export function errorCatalogue() {
  needLoaded('errorCatalogue')
  const lines = compute('errorCatalogue').result.trimEnd().split('\n')
  return lines.map((/** @type {string} */ line, /** @type {number} */ number) => {
    const [platform, status, code, action, retryable, ...operations] = line.split(' ')
    const { message, meaning, remedy } = textsOf(number)
    const seen = { platform, operations, status: Number(status), code }
    return { ...seen, message, meaning, remedy, action, retryable: retryable === 'true' }
  })
}
