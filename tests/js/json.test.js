// The core's reader of JSON beside the engine's: what one takes the other takes, and the values are the same. Called with
// text and with bytes, since those cross in ways of their own.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { importPackage } from './support/package.js'

const { NorthApiClient, NorthApiRequests } = await importPackage()

const INFO = { appId: 'app1', secret: 'secret', baseUrl: 'https://platform.example' }
const TOKEN = { accessToken: 'token' }
const DEVICE = { deviceId: 'd' }

/** Half of a surrogate pair is no text: it crosses as what stands for that. */
const whole = (/** @type {string} */ text) => Buffer.from(text).toString()

/** What the engine reads of a body's members, or that it is no JSON. @param {string} body */
function byEngine(body) {
  try {
    const read = JSON.parse(body)
    const { verifyCode, timeout } = read
    // Zero has one sign here.
    return {
      verifyCode: typeof verifyCode === 'string' ? whole(verifyCode) : verifyCode,
      timeout: timeout + 0,
    }
  } catch {
    return 'no JSON'
  }
}

/** The same by the package. @param {() => unknown} read */
async function byPackage(read) {
  try {
    return { .../** @type {object} */ (await read()) }
  } catch (error) {
    return /** @type {Error} */ (error).message.includes('is not JSON') ? 'no JSON' : 'no key'
  }
}

/** @param {string} text */
async function assertReadAlike(text) {
  const prepared = new NorthApiRequests(INFO).refreshDeviceKey(DEVICE, TOKEN)
  const bytes = new TextEncoder().encode(text)
  const fetch = async () => ({
    status: 200,
    headers: new Map(),
    arrayBuffer: async () => bytes.buffer,
  })
  const client = new NorthApiClient(INFO, { fetch, retry: false })
  const expected = byEngine(text)
  const fits =
    typeof expected === 'object' &&
    typeof expected.verifyCode === 'string' &&
    expected.timeout === 5
  for (const [way, read] of Object.entries({
    text: () => prepared.decode(200, text),
    bytes: () => prepared.decode(200, bytes),
    call: () => client.refreshDeviceKey(DEVICE, TOKEN),
  })) {
    const found = await byPackage(read)
    const label = `${way}: ${text}`
    if (fits || typeof found === 'object') assert.deepEqual(found, expected, label)
    else assert.equal(found, expected === 'no JSON' ? 'no JSON' : 'no key', label)
  }
}

/** A key, with something odd in the place of X. */
const KEY = '{"verifyCode":"code","more":X,"timeout":5}'

describe('the core reads as the engine does', () => {
  for (const odd of [
    ...[
      '01',
      '-',
      '-0',
      '1.',
      '.5',
      '+1',
      '1e',
      '1e+5',
      '1E-400',
      '1e400',
      '0x1',
      '1_0',
      'NaN',
      'Infinity',
    ],
    ...[
      'nul',
      'nulll',
      'True',
      'undefined',
      "'a'",
      '"\\x41"',
      '"\\u12g4"',
      '"\\u12"',
      '"\\ud83d"',
      '"\t"',
    ],
    ...[
      '"\\u0000"',
      '"\u007f\u0080"',
      '[1,]',
      '[,1]',
      '[1 2]',
      '{"a"}',
      '{"a":}',
      '{a:1}',
      '{"a":1,}',
      '{,}',
    ],
    ...[
      '[',
      ']',
      '[}',
      '{"a":[}',
      '// x\n1',
      '/* x */ 1',
      '\u00a01',
      '\v1',
      '\f1',
      '1\0',
      '"\u2028"',
      '""""',
    ],
    ...[
      '{"verifyCode":"other"}',
      '{"__proto__":1}',
      '[[[[[[[[[[]]]]]]]]]]',
      '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    ],
    ...[`${'['.repeat(99)}01${']'.repeat(99)}`, `${'['.repeat(99)}1${']'.repeat(99)}`],
    ...[`${'{"a":'.repeat(99)}{"a" 1}${'}'.repeat(99)}`, `${'['.repeat(99)}"\\q"${']'.repeat(99)}`],
  ]) {
    test(`${JSON.stringify(odd.slice(0, 30))} among the members`, () =>
      assertReadAlike(KEY.replace('X', () => odd)))
  }

  for (const [name, text] of [
    [
      'of members with one name the last',
      '{"verifyCode":"a","timeout":6,"verifyCode":"b","timeout":5}',
    ],
    ['halves of surrogate pairs', '{"verifyCode":"\\ud83dx\\ude00\\ud83d\\ude00","timeout":5.0e0}'],
    ['blanks of JSON around everything', ' \t\r\n{ "verifyCode" : "a" ,\n"timeout" : 5 } \t\r\n'],
    ['no blank of another kind', '\u00a0{"verifyCode":"a","timeout":5}'],
    ['nothing behind the end', '{"verifyCode":"a","timeout":5} x'],
  ]) {
    test(`${name}`, () => assertReadAlike(text ?? ''))
  }

  test('text with anything changed in it', async () => {
    const text = KEY.replace('X', '[{"a":[true,false,null,-1.5e+3,"\\u4e2d\\\\"]},"é",0.25,{}]')
    const signs = fc.constantFrom(
      ...'{}[]",:0123456789.eE+-\\u/ \t\ntrnaf',
      '\u00a0',
      '\0',
      'é',
      '\ud83d\ude00',
    )
    const change = fc.tuple(
      fc.nat(text.length),
      fc.nat(3),
      fc.string({ unit: signs, maxLength: 3 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let changed = text
        for (const [at, gone, put] of changes)
          changed = changed.slice(0, at) + put + changed.slice(at + gone)
        await assertReadAlike(changed)
      }),
      { numRuns: 1500 },
    )
  })
})
