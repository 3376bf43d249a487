// Draws hostile calls of every public entry point.

import { hostileWrappers, NAMES, thrownValues, VALUES } from './hostile-values.js'
import { ADDRESS, ANSWERS, reply, stubPlatform } from './stub.js'

/** @typedef {import('./hunt.js').Case} Case */
/** @typedef {typeof import('northbound')} Northbound */

const APP = { appId: 'app1', secret: 'a-secret', ...ADDRESS }
const TOKEN = { accessToken: 'a-token' }
const DEVICE = { deviceId: 'device-1' }

/**
 * Arguments that are right, made anew each time: of a client's method, of the method that prepares.
 * @type {Record<string, { client: () => any[], requests: () => any[] }>}
 */
const OPERATIONS = {
  getAuthToken: {
    client: () => [{ force: true, timeoutMs: 1000 }],
    requests: () => [],
  },
  refreshAuthToken: {
    client: () => [{ timeoutMs: 1000 }],
    requests: () => [{ refreshToken: 'a-refresh-token' }],
  },
  ...Object.fromEntries(
    [
      ['refreshDeviceKey', { ...DEVICE, verifyCode: 'code', nodeId: 'node', timeout: 60 }],
      ['regDirectDevice', { nodeId: 'node', psk: '12345678', deviceInfo: { name: 'n', a: [{}] } }],
      ['queryDeviceStatus', DEVICE],
      ['deleteDirectDevice', { ...DEVICE, cascade: true }],
    ].map(([name, input]) => [
      name,
      {
        client: () => [structuredClone(input), { ...TOKEN, timeoutMs: 1000, appId: 'other' }],
        requests: () => [structuredClone(input), { ...TOKEN, appId: 'other' }],
      },
    ]),
  ),
}

/**
 * The instances that cases call, and how to see that they live.
 * @param {Northbound} northbound
 * @returns {import('./hunt.js').Target}
 */
export function hunted(northbound) {
  const { NorthApiClient, NorthApiRequests, isNorthboundError } = northbound
  return {
    make: () => ({
      northbound,
      // Without a throttle: a hunt makes more calls than one lets through.
      client: new NorthApiClient(APP, { fetch: stubPlatform().fetch, throttle: false }),
      requests: new NorthApiRequests(APP),
    }),
    async alive({ client, requests }) {
      const status = JSON.stringify(await client.queryDeviceStatus(DEVICE))
      if (status !== JSON.stringify(ANSWERS.queryDeviceStatus)) throw new Error('a wrong status')
      const prepared = requests.queryDeviceStatus(DEVICE, TOKEN)
      if (!prepared.url.endsWith('/deviceCredentials/device-1')) throw new Error('a wrong URL')
      const decoded = prepared.decode(200, JSON.stringify(ANSWERS.queryDeviceStatus))
      if (JSON.stringify(decoded) !== status) throw new Error('another result from decode')
    },
    isRight: (error) => isNorthboundError(error) && isNoFaultOfOurs(error),
  }
}

/**
 * Kind `internal` says that the package is wrong, and a trap of WebAssembly that its memory may be.
 * @param {any} error
 */
function isNoFaultOfOurs({ kind, cause, message, operation, attempts, retryable }) {
  return (
    kind !== 'internal' &&
    !isTrap(cause) &&
    [message, operation].every((text) => typeof text === 'string' && text !== '') &&
    typeof attempts === 'number' &&
    typeof retryable === 'boolean'
  )
}

/**
 * Every hostile value at every kind of place, and every thrown value out of a getter.
 * @param {Northbound} northbound
 * @returns {Case[]}
 */
export function sweepCases(northbound) {
  const { NorthApiClient, NorthApiRequests } = northbound
  /** @type {[entry: string, asynchronous: boolean, call: (target: any, value: any) => unknown][]} */
  const places = [
    ['the options of a login', true, ({ client }, value) => client.getAuthToken(value)],
    ['the input of a call', true, ({ client }, value) => client.queryDeviceStatus(value)],
    ['the options of a call', true, ({ client }, value) => client.queryDeviceStatus(DEVICE, value)],
    [
      'a member of deviceInfo',
      true,
      ({ client }, value) => client.regDirectDevice({ nodeId: 'n', deviceInfo: { a: value } }),
    ],
    [
      'a signal',
      true,
      ({ client }, value) => client.queryDeviceStatus(DEVICE, { signal: value, ...TOKEN }),
    ],
    ['clientInfo', false, (_, value) => new NorthApiClient(value).free()],
    ['the options of a client', false, (_, value) => new NorthApiClient(APP, value).free()],
    ['a token store', false, (_, value) => new NorthApiClient(APP, { tokenStore: value }).free()],
    ['the options of a maker', false, (_, value) => new NorthApiRequests(APP, value).free()],
    [
      'the options of a request',
      false,
      ({ requests }, value) => requests.queryDeviceStatus(DEVICE, value),
    ],
    ...['status', 'body', 'headers'].map(
      (name, at) =>
        /** @type {typeof places[number]} */ ([
          `the ${name} of an answer`,
          false,
          ({ requests }, value) => {
            const { decode } = requests.queryDeviceStatus(DEVICE, TOKEN)
            return decode(...[200, JSON.stringify(ANSWERS.queryDeviceStatus), {}].with(at, value))
          },
        ]),
    ),
  ]
  const getters = thrownValues(northbound).map(([name, thrown]) => {
    const get = () => {
      throw thrown()
    }
    const make = () => Object.defineProperty({}, 'deviceId', { get, enumerable: true })
    return /** @type {import('./hostile-values.js').Hostile} */ ([
      `a getter that throws ${name}`,
      make,
    ])
  })
  return places.flatMap(([entry, asynchronous, call]) =>
    [...VALUES, ...getters].map(([what, make]) => ({
      entry,
      what,
      asynchronous,
      arm: (target) => {
        const value = make()
        return () => call(target, value)
      },
    })),
  )
}

/** @param {unknown} cause what a caller threw, and so perhaps a revoked proxy */
function isTrap(cause) {
  try {
    return cause instanceof WebAssembly.RuntimeError
  } catch {
    return false
  }
}

/**
 * @param {Northbound} northbound
 * @param {import('./random.js').Random} random
 * @param {number} count
 * @returns {Case[]}
 */
export function drawCases(northbound, random, count) {
  const makers = caseMakers(northbound, random)
  // In turn, so that every entry point gets its share.
  return Array.from({ length: count }, (_, index) => {
    const [entry, make] = /** @type {typeof makers[number]} */ (makers[index % makers.length])
    return { entry, ...make() }
  })
}

/**
 * @param {Northbound} northbound
 * @param {import('./random.js').Random} random
 * @returns {[entry: string, make: () => Omit<Case, 'entry'>][]}
 */
function caseMakers(northbound, random) {
  const { pick } = random
  const { NorthApiClient, NorthApiRequests, PlatformError } = northbound
  const THROWN = thrownValues(northbound)

  /**
   * Spoils one of the arguments. `reenter` is what a getter may call while it is read.
   * @param {() => any[]} right
   * @param {[name: string, frees: boolean, reenter: (target: any) => void][]} reentries
   * @returns {{ what: string, frees: boolean, args: (target: any) => any[] }}
   */
  function spoil(right, reentries) {
    const at = Math.floor(random.next() * Math.max(1, right().length))
    const where = `argument ${at + 1}`
    const sample = right()[at]
    const members = sample?.constructor === Object ? Object.keys(sample) : []
    const name = pick([...members, 'more'])
    const [valueName, value] = pick(VALUES)
    const [thrownName, thrown] = pick(THROWN)
    /** @param {string} what @param {(argument: any, target: any) => any} change */
    const made = (what, change, frees = false) => ({
      what,
      frees,
      args: (/** @type {any} */ target) => {
        const args = right()
        args[at] = change(Object(args[at] ?? {}), target)
        return args
      },
    })
    const ways = [
      () => made(`${valueName} as ${where}`, value),
      () =>
        made(`${valueName} as ${where}.${name}`, (argument) => ({ ...argument, [name]: value() })),
      () =>
        made(`${valueName} deep in ${where}.${name}`, (argument) => ({
          ...argument,
          [name]: { a: [{ b: value() }], toJSON: undefined },
        })),
      () => {
        const odd = pick(NAMES)
        const shown = JSON.stringify(String(odd).slice(0, 12))
        return made(`${valueName} as a member ${shown} of ${where}`, (argument) =>
          Object.defineProperty(argument, odd, { value: value(), enumerable: true }),
        )
      },
      () => {
        const get = () => {
          throw thrown()
        }
        return made(`a getter ${where}.${name} that throws ${thrownName}`, (argument) =>
          Object.defineProperty(argument, name, { get, enumerable: true }),
        )
      },
      () => {
        const [wrapperName, wrap] = pick(hostileWrappers(thrown))
        return made(`${wrapperName} (${thrownName}) as ${where}`, wrap)
      },
      () => {
        const [wrapperName, wrap] = pick(hostileWrappers(thrown))
        return made(`${wrapperName} (${thrownName}) as ${where}.${name}`, (argument) => ({
          ...argument,
          [name]: wrap(argument[name] instanceof Object ? argument[name] : {}),
        }))
      },
      ...reentries.map(
        ([reentryName, frees, reenter]) =>
          () =>
            made(
              `a getter ${where}.${name} that ${reentryName}`,
              (argument, target) => {
                const former = argument[name]
                const get = () => (reenter(target), former)
                return Object.defineProperty(argument, name, { get, enumerable: true })
              },
              frees,
            ),
      ),
    ]
    return pick(ways)()
  }

  /** @param {unknown} promise */
  const quietly = (promise) => void Promise.resolve(promise).catch(() => {})

  /** @type {[name: string, frees: boolean, reenter: (target: any) => void][]} */
  const CLIENT_REENTRIES = [
    ['frees the client', true, ({ client }) => client.free()],
    ['logs in', false, ({ client }) => quietly(client.getAuthToken({ force: true }))],
    ['calls the client', false, ({ client }) => quietly(client.queryDeviceStatus(DEVICE))],
  ]
  /** @type {[name: string, frees: boolean, reenter: (target: any) => void][]} */
  const REQUESTS_REENTRIES = [
    ['frees the maker', true, ({ requests }) => requests.free()],
    ['prepares another', false, ({ requests }) => requests.getAuthToken()],
  ]

  /** @type {[name: string, make: (instance: any, target: any) => any][]} */
  const FOREIGN_THIS = [
    ['undefined', () => undefined],
    ['null', () => null],
    ['a number', () => 5],
    ['an empty object', () => ({})],
    ['the prototype', (instance) => Object.getPrototypeOf(instance)],
    ['a proxy of the instance', (instance) => new Proxy(instance, {})],
    ['what inherits the instance', (instance) => Object.create(instance)],
    ['the other instance', (instance, { client, requests }) =>
      instance === client ? requests : client], // prettier-ignore
    ['a freed instance', (instance) => freed(instance)],
    ['an instance of a subclass that was freed', (instance) => freed(instance, true)],
    ['a revoked proxy', () => pick(VALUES.filter(([name]) => name === 'a revoked proxy'))[1]()],
  ]

  /** @param {any} instance */
  function freed(instance, derived = false) {
    const { constructor } = instance
    const Class = derived ? class extends constructor {} : constructor
    const other = new Class(APP)
    other.free()
    return other
  }

  /** @type {[string, () => Omit<Case, 'entry'>][]} */
  const makers = []

  for (const [name, right] of Object.entries(OPERATIONS)) {
    makers.push([
      `NorthApiClient.${name}`,
      () => {
        const chance = random.next()
        if (chance < 0.1) {
          const [what, make] = pick(FOREIGN_THIS)
          return {
            what: `${what} as this`,
            asynchronous: true,
            arm: (target) => {
              const self = make(target.client, target)
              return () => target.client[name].apply(self, right.client())
            },
          }
        }
        if (chance < 0.3) {
          const { what, frees, allows, make } = hostileSignal()
          return {
            what,
            frees,
            allows,
            asynchronous: true,
            arm: (target) => {
              const args = right.client()
              args.at(-1).signal = make(target)
              return () => target.client[name](...args)
            },
          }
        }
        const { what, frees, args } = spoil(right.client, CLIENT_REENTRIES)
        return {
          what,
          frees,
          asynchronous: true,
          arm: (target) => {
            const made = args(target)
            return () => target.client[name](...made)
          },
        }
      },
    ])
    makers.push([
      `NorthApiRequests.${name}`,
      () => {
        if (random.next() < 0.15) {
          const [what, make] = pick(FOREIGN_THIS)
          return {
            what: `${what} as this`,
            asynchronous: false,
            arm: (target) => {
              const self = make(target.requests, target)
              return () => target.requests[name].apply(self, right.requests())
            },
          }
        }
        const { what, frees, args } = spoil(right.requests, REQUESTS_REENTRIES)
        return {
          what,
          frees,
          asynchronous: false,
          arm: (target) => {
            const made = args(target)
            return () => target.requests[name](...made)
          },
        }
      },
    ])
    makers.push([
      `decode of ${name}`,
      () => {
        const { what, frees, args } = spoil(decodeArguments(name), REQUESTS_REENTRIES)
        const odd = random.next() < 0.4 ? pick(ODD_BODIES) : undefined
        return {
          what: odd ? `${odd[0]} as the body` : what,
          frees,
          asynchronous: false,
          arm: (target) => {
            const prepared = target.requests[name](...right.requests())
            const made = odd ? [200, odd[1]()] : args(target)
            return () => prepared.decode(...made)
          },
        }
      },
    ])
  }

  for (const [Class, name] of /** @type {const} */ ([
    [NorthApiClient, 'NorthApiClient'],
    [NorthApiRequests, 'NorthApiRequests'],
  ])) {
    const options = () => ({ allowInsecureHttp: false })
    const more = {
      timeoutMs: 5,
      retry: { attempts: 1 },
      throttle: { calls: 1, perMs: 1 },
      onEvent() {},
      tokenStore: undefined,
      fetch: stubPlatform().fetch,
    }
    const right = () => [
      { ...APP },
      name === 'NorthApiClient' ? { ...options(), ...more } : options(),
    ]
    const constructed = () => {
      const { what, frees, args } = spoil(right, CLIENT_REENTRIES)
      return {
        what,
        frees,
        asynchronous: false,
        arm: (/** @type {any} */ target) => {
          const made = args(target)
          return () => {
            const instance = new /** @type {any} */ (Class)(...made)
            if (name === 'NorthApiRequests') return void (instance.getAuthToken(), instance.free())
            // It was accepted, so it has to work, whatever its options do.
            return instance.getAuthToken().finally(() => instance.free())
          }
        },
      }
    }
    makers.push([`new ${name}`, constructed], [`new ${name}`, constructed])
    makers.push([
      `${name}.free`,
      () => {
        const [what, make] = pick([
          ...FOREIGN_THIS,
          /** @type {typeof FOREIGN_THIS[number]} */ (['itself, twice', (instance) => instance]),
        ])
        const method = pick(['free', Symbol.dispose])
        return {
          what: `${what} as this`,
          frees: true,
          asynchronous: false,
          arm: (target) => {
            const instance = name === 'NorthApiClient' ? target.client : target.requests
            const other = make(instance, target)
            return () => (instance[method].call(other), instance[method].call(other))
          },
        }
      },
    ])
  }

  /** A client of its own, one call, whatever the host does. @param {() => any} options */
  const oneCall = (options) => async () => {
    const client = new NorthApiClient(APP, { timeoutMs: 50, ...options() })
    try {
      return await client.queryDeviceStatus(DEVICE, random.next() < 0.5 ? TOKEN : {})
    } finally {
      client.free()
    }
  }
  for (let share = 0; share < 3; share += 1) {
    makers.push([
      'options.fetch',
      () => {
        const [what, answer] = pick(hostileAnswers(random, THROWN))
        return { what, asynchronous: true, arm: () => oneCall(() => ({ fetch: answer })) }
      },
    ])
  }
  makers.push([
    'options.onEvent',
    () => {
      const [what, onEvent] = pick(hostileListeners(random, THROWN))
      const call = oneCall(() => ({ fetch: stubPlatform().fetch, onEvent }))
      return { what, asynchronous: true, arm: () => call }
    },
  ])
  makers.push([
    'a fetch or listener that uses the client',
    () => {
      const [what, , use] = pick([
        ...CLIENT_REENTRIES,
        /** @type {typeof CLIENT_REENTRIES[number]} */ ([
          'frees it and calls it',
          true,
          ({ client }) => (client.free(), quietly(client.getAuthToken())),
        ]),
      ])
      const by = pick(['fetch', 'onEvent'])
      return {
        what: `a ${by} that ${what}`,
        asynchronous: true,
        arm: () => async () => {
          const stub = stubPlatform()
          let used = 0
          const once = () => void (used++ < 3 && use({ client }))
          const client = new NorthApiClient(APP, {
            fetch: (url, init) => (by === 'fetch' && once(), stub.fetch(url, init)),
            onEvent: () => by === 'onEvent' && once(),
          })
          await client.queryDeviceStatus(DEVICE)
          client.free()
        },
      }
    },
  ])

  for (const name of /** @type {const} */ (['init', 'isNorthboundError', 'errorCatalogue'])) {
    makers.push([
      name,
      () => {
        const [what, value] = pick(VALUES)
        const [wrapperName, wrap] = pick(hostileWrappers(() => new Error('trap')))
        const wrapped = random.next() < 0.3
        const argument = wrapped ? () => wrap(Object.create(PlatformError.prototype)) : value
        return {
          what: wrapped ? `${wrapperName} around an error` : what,
          asynchronous: name === 'init',
          arm: () => {
            const made = argument()
            return () => /** @type {any} */ (northbound)[name](made)
          },
        }
      },
    ])
  }
  return makers

  function hostileSignal() {
    const [thrownName, thrown] = pick(THROWN)
    const [valueName, value] = pick(VALUES)
    const throwing = () => {
      throw thrown()
    }
    /** @type {unknown} */
    let reason
    const methods = { addEventListener() {}, removeEventListener() {} }
    /** @type {[what: string, make: (target: any) => any, frees?: boolean][]} */
    const signals = [
      [`${valueName} as the signal`, value],
      [`a signal whose aborted throws ${thrownName}`, () => ({ ...methods, get aborted() { return throwing() } })], // prettier-ignore
      [`a signal whose aborted is ${valueName}`, () => ({ ...methods, aborted: value() })],
      ['a signal without addEventListener', () => ({ aborted: false })],
      ['a signal that cannot be left', () => ({ aborted: false, addEventListener() {} })],
      [`a signal whose addEventListener throws ${thrownName}`, () => ({ aborted: false, addEventListener: throwing })], // prettier-ignore
      [`a signal whose removeEventListener throws ${thrownName}`, () => ({ ...methods, aborted: false, removeEventListener: throwing })], // prettier-ignore
      [`a signal whose reason throws ${thrownName}`, () => ({ ...methods, aborted: true, get reason() { return throwing() } })], // prettier-ignore
      [`a signal whose reason is ${valueName}`, () => ({ ...methods, aborted: true, reason: (reason = value()) })], // prettier-ignore
      ['a signal that aborts while it is listened to', () => ({
        aborted: false,
        reason: (reason = Symbol('late')),
        addEventListener: (/** @type {string} */ _, /** @type {() => void} */ heard) => (heard(), heard()),
      })], // prettier-ignore
      ['a signal that aborts when it is left', () => {
        /** @type {() => void} */
        let heard = () => {}
        return {
          aborted: false,
          reason: (reason = 'left'),
          addEventListener: (/** @type {string} */ _, /** @type {() => void} */ listener) => (heard = listener),
          removeEventListener: () => heard(),
        }
      }], // prettier-ignore
      ['a signal that frees the client', ({ client }) => ({ ...methods, aborted: false, addEventListener: () => client.free() }), true], // prettier-ignore
      ['a signal that calls the client', ({ client }) => ({ ...methods, aborted: false, addEventListener: () => quietly(client.getAuthToken()) })], // prettier-ignore
      ['a revoked proxy as the signal', () => pick(hostileWrappers(thrown).filter(([n]) => n === 'a revoked proxy'))[1](methods)], // prettier-ignore
      ['an aborted signal with a null reason', () => ({ ...methods, aborted: true, reason: (reason = null) })], // prettier-ignore
    ]
    const [what, make, frees = false] = pick(signals)
    const aborts = /reason is|aborts|null reason/.test(what)
    return {
      what,
      make,
      frees,
      allows: (/** @type {unknown} */ error) => aborts && Object.is(error, reason),
    }
  }
}

/** @param {string} name */
function decodeArguments(name) {
  const answers = { ...ANSWERS, refreshAuthToken: ANSWERS.getAuthToken, deleteDirectDevice: {} }
  const answer = answers[/** @type {keyof typeof answers} */ (name)]
  return () => [200, new TextEncoder().encode(JSON.stringify(answer)), { date: 'now' }]
}

/** @type {[string, () => string | Uint8Array][]} */
const ODD_BODIES = [
  ['half a megabyte of brackets', () => '['.repeat(5e5)],
  ['very deep JSON', () => `{"deviceId":${'['.repeat(4e5)}${']'.repeat(4e5)}}`],
  ['a member called __proto__', () => '{"__proto__":{"error_code":"1"},"constructor":null}'],
  ['halves of surrogate pairs', () => '{"deviceId":"\\ud800","verifyCode":"\\udfff"}'],
  ['an error code of a million digits', () => `{"error_code":${'9'.repeat(1e6)}}`],
  ['an error code that is an object', () => '{"error_code":{},"error_desc":[]}'],
  ['a number for text', () => '{"deviceId":1e400,"verifyCode":-0,"timeout":1e400}'],
  ['a text of two megabytes', () => 'x'.repeat(2 ** 21)],
  ['bytes that are no UTF-8', () => new Uint8Array(1000).fill(0xff)],
  ['a byte order mark alone', () => '\ufeff'],
  ['duplicate members', () => '{"deviceId":"a","deviceId":{},"activated":true}'],
  ['a hundred thousand members', () => JSON.stringify(Object.fromEntries(Array.from({ length: 5e4 }, (_, i) => [`m${i}`, i])))], // prettier-ignore
  ['null', () => 'null'],
  ['a lone quote', () => '"'],
]

/**
 * @param {import('./random.js').Random} random
 * @param {import('./hostile-values.js').Hostile[]} thrownOnes
 * @returns {[string, (...args: any[]) => any][]}
 */
function hostileAnswers({ pick }, thrownOnes) {
  const [thrownName, thrown] = pick(thrownOnes)
  // A promise for ever pending is a timeout; of ten million bytes there is no need in an answer.
  const [valueName, value] = pick(VALUES.filter(([name]) => !/million/.test(name)))
  const throwing = () => {
    throw thrown()
  }
  const right = () => reply(200, ANSWERS.queryDeviceStatus)
  /** @param {() => unknown} read */
  const streamed = (read) => async () => ({
    ...right(),
    body: { getReader: () => ({ read, cancel: throwing }) },
  })
  let reads = 0
  return [
    [`a fetch that throws ${thrownName}`, throwing],
    [`a fetch that rejects with ${thrownName}`, async () => throwing()],
    [`a fetch that returns ${valueName}`, () => value()],
    [`a fetch that resolves with ${valueName}`, async () => ({ ...right(), then: undefined, ...{ 0: value() } })], // prettier-ignore
    ['a fetch that never answers', () => new Promise(() => {})],
    ['a fetch that returns no promise', right],
    ['a fetch whose thenable throws', () => ({ then: throwing })],
    ['a fetch whose thenable answers twice', () => ({ then: (/** @type {any} */ yes, /** @type {any} */ no) => (yes(right()), no(thrown())) })], // prettier-ignore
    [`an answer whose status is ${valueName}`, async () => ({ ...right(), status: value() })],
    [`an answer whose status throws ${thrownName}`, async () => ({ ...right(), get status() { return throwing() } })], // prettier-ignore
    [`an answer whose headers are ${valueName}`, async () => ({ ...right(), headers: value() })],
    [`an answer whose headers throw ${thrownName}`, async () => ({ ...right(), headers: { get: throwing } })], // prettier-ignore
    [`an answer whose headers say ${valueName}`, async () => ({ ...right(), headers: { get: value } })], // prettier-ignore
    [`an answer whose body is ${valueName}`, async () => ({ ...right(), arrayBuffer: async () => value() })], // prettier-ignore
    [`an answer whose body rejects with ${thrownName}`, async () => ({ ...right(), arrayBuffer: async () => throwing() })], // prettier-ignore
    ['an answer whose body never comes', async () => ({ ...right(), arrayBuffer: () => new Promise(() => {}) })], // prettier-ignore
    ['an answer without a body', async () => ({ ...right(), arrayBuffer: undefined })],
    [`an answer whose stream gives ${valueName}`, streamed(async () => ({ done: reads++ > 0, value: value() }))], // prettier-ignore
    [`an answer whose stream throws ${thrownName}`, streamed(throwing)],
    ['an answer whose stream gives null', streamed(async () => null)],
    ['an answer whose stream is too long', streamed(async () => ({ value: new Uint8Array(1e6) }))],
    ...ODD_BODIES.map(
      ([name, body]) =>
        /** @type {[string, () => any]} */ ([
          `an answer of ${name}`,
          async () => ({ ...right(), arrayBuffer: async () => Buffer.from(body()) }),
        ]),
    ),
  ]
}

/**
 * @param {import('./random.js').Random} random
 * @param {import('./hostile-values.js').Hostile[]} thrownOnes
 * @returns {[string, (event: any) => any][]}
 */
function hostileListeners({ pick }, thrownOnes) {
  const [thrownName, thrown] = pick(thrownOnes)
  const [valueName, value] = pick(VALUES)
  const throwing = () => {
    throw thrown()
  }
  return [
    [`a listener that throws ${thrownName}`, throwing],
    [`a listener that rejects with ${thrownName}`, async () => throwing()],
    [`a listener that returns ${valueName}`, value],
    ['a listener whose thenable throws', () => ({ then: throwing })],
    ['a listener that spoils the event', (event) => Object.keys(event).forEach((k) => delete event[k])], // prettier-ignore
  ]
}
