// What the fuzzer gives clients to work with: senders, answers, signals, stores, listeners and credentials
// that do anything. None waits for ever, since a call without a time limit then rightly does so too.

import { setTimeout as sleep } from 'node:timers/promises'

import fc from 'fast-check'

import { oddText, thrownBy, value } from './fuzz-values.js'

/**
 * @typedef {import('./fuzz-values.js').Drawn} Drawn
 * @typedef {{ what: string, make: (right: any) => any }} Behaviour makes a function in the place of a right one
 */

/** Answers of both platforms, right or nearly so. */
const BODIES = [
  '{"accessToken":"fuzz-secret-issued","tokenType":"bearer","expiresIn":3600,"scope":"default","refreshToken":"fuzz-secret-next"}',
  '{"deviceId":"d","verifyCode":"fuzz-secret-answer","timeout":180,"activated":true}',
  '{"RequestId":"r","DeviceCredential":{"ClientId":"GID_a@@@b","InstanceId":"i","DeviceAccessKeyId":"k","DeviceAccessKeySecret":"fuzz-secret-made","CreateTime":1,"UpdateTime":2}}',
  '{"RequestId":"r","Token":"fuzz-secret-applied","TokenStatus":true}',
  '{"RequestId":"r","DeviceCredentialClientIdList":{"Total":9,"PageNo":1,"PageSize":1,"ClientIdList":["GID_a@@@1"],"NextToken":"n"}}',
  '{"error_code":"1010005","error_desc":"Invalid access token."}',
  '{"resultcode":"1010009","resultmsg":"slow down"}',
  '{"Code":"InvalidTimeStamp.Expired","Message":"m","RequestId":"r"}',
  '<Error><Code>Throttling.User</Code><Message>m</Message></Error>',
  '',
]

const body = fc.oneof(
  fc.constantFrom(...BODIES),
  fc
    .tuple(fc.constantFrom(...BODIES), fc.nat({ max: 60 }))
    .map(([text, end]) => text.slice(0, end)),
  fc.json(),
  oddText,
)

const status = fc.oneof(
  fc.constantFrom(200, 200, 200, 204, 400, 401, 403, 429, 500, 502, 503),
  fc.nat({ max: 1000 }),
)

/** @param {string} text @returns {ArrayBuffer} */
const bytes = (text) => /** @type {ArrayBuffer} */ (new TextEncoder().encode(text).buffer)

/**
 * Answers of odd shapes, as polyfills and mocks make them.
 * @param {typeof import('northbound')} northbound
 * @returns {fc.Arbitrary<Drawn>}
 */
function answers(northbound) {
  const thrown = thrownBy(northbound)
  const plain = fc.record({ status, text: body })
  return fc.oneof(
    { weight: 4, arbitrary: plain.map(({ status, text }) => ({ what: `${status} ${text}`, make: () => ({ status, headers: { get: () => null }, arrayBuffer: async () => bytes(text) }) })) }, // prettier-ignore
    plain.filter(({ status }) => status >= 200 && status < 600 && status !== 204).map(({ status, text }) => ({ what: `a Response ${status} ${text}`, make: () => new Response(text, { status }) })), // prettier-ignore
    plain.map(({ status, text }) => ({ what: `a stream of ${status} ${text}`, make: () => ({ status, headers: new Map(), body: streamOf(text) }) })), // prettier-ignore
    fc
      .tuple(plain, fc.constantFrom('status', 'headers', 'body', 'arrayBuffer'), value)
      .map(([{ status, text }, member, odd]) => ({
        what: `${status} whose ${member} is ${odd.what}`,
        make: () => ({ status, headers: { get: () => null }, arrayBuffer: async () => bytes(text), [member]: odd.make() }), // prettier-ignore
      })),
    fc
      .tuple(fc.constantFrom('status', 'headers', 'body', 'arrayBuffer', 'then'), thrown)
      .map(([member, { what, make }]) => ({
        what: `an answer whose ${member} throws ${what}`,
        make: () => {
          const get = () => {
            throw make()
          }
          return Object.defineProperty({ status: 200, headers: { get: () => null } }, member, {
            get,
          })
        },
      })),
    fc.tuple(plain, value).map(([{ status }, odd]) => ({
      what: `${status} whose headers say ${odd.what}`,
      make: () => ({ status, headers: { get: odd.make }, arrayBuffer: odd.make }),
    })),
    value,
  )
}

/** @param {string} text */
function streamOf(text) {
  const pieces = text.match(/[^]{1,7}/g) ?? []
  const read = async () => {
    const piece = pieces.shift()
    return { done: piece === undefined, value: piece && new TextEncoder().encode(piece) }
  }
  return { getReader: () => ({ read, cancel() {} }) }
}

/**
 * A function that does anything: answers now, later, twice; throws; rejects; spoils what it is given.
 * @param {typeof import('northbound')} northbound
 * @param {fc.Arbitrary<Drawn>} yielded
 * @returns {fc.Arbitrary<Behaviour>}
 */
function acting(northbound, yielded) {
  const thrown = thrownBy(northbound)
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constant({ what: 'as it should', make: (/** @type {any} */ right) => right }),
    },
    { weight: 4, arbitrary: yielded.map(({ what, make }) => ({ what: `resolves with ${what}`, make: () => async () => make() })) }, // prettier-ignore
    yielded.map(({ what, make }) => ({ what: `returns ${what}`, make: () => () => make() })),
    thrown.map(({ what, make }) => ({ what: `throws ${what}`, make: () => () => { throw make() } })), // prettier-ignore
    thrown.map(({ what, make }) => ({ what: `rejects with ${what}`, make: () => async () => { throw make() } })), // prettier-ignore
    fc.constant({ what: 'throws what it was given', make: () => (/** @type {any[]} */ ...args) => { throw Object.assign(new Error(JSON.stringify(args)), { args }) } }), // prettier-ignore
    fc.constant({ what: 'is slow', make: (/** @type {any} */ right) => async (/** @type {any[]} */ ...args) => (await sleep(90), right(...args)) }), // prettier-ignore
    fc.tuple(yielded, thrown).map(([first, second]) => ({
      what: `is a thenable of ${first.what} that then throws ${second.what}`,
      make: () => () => ({
        then(/** @type {(value: any) => void} */ resolve) {
          resolve(first.make())
          throw second.make()
        },
      }),
    })),
    fc.constant({
      what: 'spoils what it is given',
      make:
        (/** @type {any} */ right) =>
        (/** @type {any[]} */ ...args) => {
          const answered = right(...args)
          for (const each of args)
            if (each instanceof Object) for (const name of Object.keys(each)) delete each[name]
          return answered
        },
    }),
  )
}

/**
 * All that a client is given.
 * @param {typeof import('northbound')} northbound
 */
export const hosts = (northbound) =>
  fc.record({
    fetch: acting(northbound, answers(northbound)),
    onEvent: acting(northbound, value),
    credentials: acting(northbound, value),
    store: fc.option(
      fc.tuple(
        fc.constantFrom('read', 'acquire', 'renew', 'commit', 'release', 'take'),
        acting(northbound, value),
      ),
      { nil: undefined },
    ),
    signal: fc.option(signals(northbound), { nil: undefined }),
  })

/**
 * Signals by shape.
 * @param {typeof import('northbound')} northbound
 * @returns {fc.Arbitrary<Drawn>}
 */
function signals(northbound) {
  return fc
    .tuple(
      fc.boolean(),
      value,
      fc.constantFrom('never', 'at once', 'later', 'twice', 'when left'),
      fc.option(thrownBy(northbound), { nil: undefined }),
      fc.constantFrom('aborted', 'reason', 'addEventListener', 'removeEventListener'),
    )
    .map(([aborted, reason, when, thrown, member]) => ({
      what: `a signal: ${aborted}, ${reason.what}, ${when}, ${thrown ? `${member} throws ${thrown.what}` : ''}`,
      make() {
        /** @type {() => void} */
        let heard = () => {}
        const signal = {
          aborted,
          reason: reason.make(),
          addEventListener(/** @type {string} */ _, /** @type {() => void} */ listener) {
            heard = listener
            if (when === 'at once' || when === 'twice') heard()
            if (when === 'later' || when === 'twice') setTimeout(heard, 5)
          },
          removeEventListener: () => when === 'when left' && heard(),
        }
        if (thrown === undefined) return signal
        const get = () => {
          throw thrown.make()
        }
        return Object.defineProperty(signal, member, { get })
      },
    }))
}
