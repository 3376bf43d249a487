// The public classes: they check `this`, copy the arguments, and only then enter WebAssembly.
//
// An exception that unwinds through WebAssembly leaves a borrow behind and spoils the instance. So no
// user's code runs in there: getters and proxies have done their work when a Rust method begins.

import * as wasm from '#glue'
import { NorthboundError, isNorthboundError } from '#errors'
import { answer } from '#host'

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
 * A class around one that Rust exports: the same methods, behind checks.
 * @param {string} name
 * @param {any} Raw
 * @param {(operation: string, args: any[]) => any[]} construct makes the arguments of Rust's constructor
 * @param {(handle: () => any, method: string, args: any[], length: number) => any} invoke gets
 *   the handle anew once the arguments are read, since a getter may have freed it
 * @param {boolean} asynchronous whether methods reject instead of throwing
 * @returns {any}
 */
function guarded(name, Raw, construct, invoke, asynchronous) {
  /** @type {WeakMap<object, any>} */
  const handles = new WeakMap()
  class Guarded {
    /** @param {any[]} args */
    constructor(...args) {
      needLoaded(name)
      try {
        handles.set(this, new Raw(...construct(name, args)))
      } catch (error) {
        throw leaving(name, error, Guarded)
      }
    }

    free() {
      const raw = handles.get(this)
      handles.delete(this)
      raw?.free()
    }
  }
  for (const method of Object.getOwnPropertyNames(Raw.prototype)) {
    if (['constructor', 'free', '__destroy_into_raw'].includes(method)) continue
    const called = {
      /** @this {object} @param {any[]} args */
      [method](...args) {
        const handle = () => {
          const raw = typeof this === 'object' && this !== null ? handles.get(this) : undefined
          if (raw !== undefined) return raw
          throw refusal(method, 'this', `is no ${name}, or one that was freed`)
        }
        try {
          handle()
          return invoke(handle, method, args, Raw.prototype[method].length)
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
 * @param {() => any} handle
 * @param {string} method
 * @param {any[]} args
 * @param {number} length how many arguments Rust takes
 */
function callClient(handle, method, args, length) {
  // Options and the caller's abort come last in Rust; what stands before them is the input.
  const takesInput = length > 2
  const input = takesInput ? [plain(method, 'input', args[0])] : []
  const { data, taken } = takeOut(method, args[takesInput ? 1 : 0], ['signal'])
  const watched = watch(method, taken[0])
  const begin = () => handle()[method](...input, data, watched.aborted)
  return settle(method, begin, taken[0], watched)
}

/**
 * Prepares a request.
 * @param {() => any} handle
 * @param {string} method
 * @param {any[]} args
 * @param {string[]} names what the arguments are called
 */
function callRequests(handle, method, args, names) {
  const given = names.map((name, index) => plain(method, name, args[index]))
  return prepared(handle()[method](...given))
}

/**
 * @param {string} name the class
 * @param {unknown} options
 * @param {string[]} further options that are no data, beside `fetch` and `onEvent`
 */
function clientOptions(name, options, further = []) {
  const { data, taken } = takeOut(name, options, ['fetch', 'onEvent', ...further])
  const [fetch, onEvent, tokenStore] = taken
  needFunction(name, 'options.fetch', fetch)
  needFunction(name, 'options.onEvent', onEvent)
  return [data, pageOrigin(), fetch, onEvent, ...sharing(name, tokenStore)]
}

/**
 * How Rust asks a store, and whether that counts calls. Its answers are copied to plain data.
 * @param {string} name
 * @param {any} store
 */
function sharing(name, store) {
  if (store === undefined) return []
  const counts = needStore(name, store)
  const ask = async (/** @type {string} */ method, /** @type {unknown[]} */ args) => {
    const answer = await store[method](...args)
    try {
      return plain(name, 'answer', answer)
    } catch {
      // An error of ours would say that asking again is useless.
      throw new TypeError('the answer is no data')
    }
  }
  return [ask, counts]
}

/** Calls the northbound API of Huawei Cloud IoT. */
export const NorthApiClient = guarded(
  'NorthApiClient',
  wasm.NorthApiClient,
  (name, [clientInfo, options]) => [
    plain(name, 'clientInfo', clientInfo),
    ...clientOptions(name, options, ['tokenStore']),
  ],
  callClient,
  true,
)

/** The same operations without any I/O. */
export const NorthApiRequests = guarded(
  'NorthApiRequests',
  wasm.NorthApiRequests,
  (name, [clientInfo, options]) => [
    plain(name, 'clientInfo', clientInfo),
    plain(name, 'options', options),
    pageOrigin(),
  ],
  (handle, method, args, length) =>
    callRequests(handle, method, args, ['input', 'options'].slice(0, length)),
  false,
)

/** Calls ApsaraMQ for MQTT. */
export const OnsMqttClient = guarded(
  'OnsMqttClient',
  wasm.OnsMqttClient,
  (name, [config, options]) => {
    const { data, taken } = takeOut(name, config, ['credentials'], 'config')
    const [credentials] = taken
    const asked = typeof credentials === 'function'
    const ask = async () => plain(name, 'config.credentials', await credentials.call(undefined))
    const fixed = asked ? {} : { credentials: plain(name, 'config.credentials', credentials) }
    const isObject = data !== null && typeof data === 'object' && !isArray(data)
    const whole = isObject ? { ...data, ...fixed } : data
    return [whole, ...clientOptions(name, options), asked ? ask : undefined]
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
  wasm.OnsMqttRequests,
  (name, [config, options]) => [
    plain(name, 'config', config),
    plain(name, 'options', options),
    pageOrigin(),
  ],
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
  for (;;) {
    const page = await listDeviceCredentialClientId.call(client, request, call)
    yield* page.clientIds
    seen += page.clientIds.length
    const { nextToken, pageNo } = page
    // A token that does not change, or a page with nothing on it, would lead round in circles.
    if (page.clientIds.length === 0 || nextToken === (request.nextToken ?? '')) return
    if (nextToken === undefined && seen >= page.total) return
    request = nextToken === undefined ? { ...group, pageNo: pageNo + 1 } : { ...group, nextToken }
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
        return /** @type {any} */ (wasm)[name](plain(name, 'input', input))
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
 * @param {{ request: any, secrets: string[] }} made
 */
function prepared({ request, secrets }) {
  const { operation } = request
  /**
   * @param {unknown} status
   * @param {any} body
   * @param {unknown} headers
   */
  function decode(status, body, headers) {
    try {
      if (typeof status !== 'number' || !Number.isInteger(status) || status < 0 || status > 999) {
        throw refusal(operation, 'status', 'is no HTTP status, expected an integer')
      }
      const lines = linesOf(operation, headers)
      const content = contentOf(operation, body)
      return wasm.decodeAnswer(operation, answer(status, lines, content), secrets)
    } catch (error) {
      throw leaving(operation, error, decode)
    }
  }
  return Object.assign(request, { decode })
}

/** The origin of the page or worker that runs us, for addresses that are only a path. */
function pageOrigin() {
  const origin = globalThis.location?.origin
  return typeof origin === 'string' && /^https?:/.test(origin) ? origin : undefined
}

/** Every error that the platforms document. */
export function errorCatalogue() {
  needLoaded('errorCatalogue')
  return JSON.parse(wasm.catalogueText())
}
