// How the console turns events into calls, and what it shows of requests: never a secret.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'

import { consoleModule } from './support/bundle.js'

/** @type {any} */
let log
/** @type {any} */
let redact
/** @type {any} */
let budget
/** @type {any} */
let scale
/** @type {any} */
let curl

before(async () => {
  log = await consoleModule('record/log.ts')
  redact = await consoleModule('record/redact.ts')
  budget = await consoleModule('record/budget.ts')
  scale = await consoleModule('record/scale.ts')
  curl = await consoleModule('record/curl.ts')
})

const operation = 'queryDeviceStatus'
const sent = { method: 'GET', path: '/devices/1' }

/**
 * Plays events, each with the time it is told at.
 * @param {any} into
 * @param {[at: number, event: any][]} events
 */
function play(into, events, client = 1) {
  for (const [at, event] of events) into.take(client, event, at)
  return into
}

/** @param {any} call */
const shape = (call) =>
  call.segments.map((/** @type {any} */ { kind, start, end }) => [kind, start, end])

describe('a call', () => {
  test('has its wait, its attempts and the wait before a retry as segments', () => {
    const { calls } = play(log.createLog(10), [
      [100, { type: 'throttle', call: 1, operation, delayMs: 50, used: 3, calls: 3, perMs: 500 }],
      [150, { type: 'request', call: 1, operation, attempt: 1, ...sent }],
      [160, { type: 'response', call: 1, operation, attempt: 1, status: 200, durationMs: 10 }],
      [
        160,
        { type: 'retry', call: 1, operation, attempt: 1, delayMs: 40, kind: 'platform', code: 'X' },
      ],
      [200, { type: 'request', call: 1, operation, attempt: 2, ...sent }],
      [210, { type: 'response', call: 1, operation, attempt: 2, status: 200, durationMs: 10 }],
      [210, { type: 'done', call: 1, operation, attempts: 2, outcome: 'ok', durationMs: 110 }],
    ])
    assert.equal(calls.length, 1)
    assert.deepEqual(shape(calls[0]), [
      ['throttle', 100, 150],
      ['attempt', 150, 160],
      ['backoff', 160, 200],
      ['attempt', 200, 210],
    ])
    const [, first, backoff, second] = calls[0].segments
    assert.equal(first.good, false, 'an answer 200 that is tried again was a refusal')
    assert.equal(backoff.reason, 'X')
    assert.equal(second.good, true)
    assert.deepEqual([calls[0].start, calls[0].end, calls[0].outcome], [100, 210, 'ok'])
  })

  test('that waited for the login of another begins when it was made', () => {
    const { calls } = play(log.createLog(10), [
      [500, { type: 'request', call: 2, operation, attempt: 1, ...sent }],
      [510, { type: 'response', call: 2, operation, attempt: 1, status: 200, durationMs: 10 }],
      [510, { type: 'done', call: 2, operation, attempts: 1, outcome: 'ok', durationMs: 110 }],
    ])
    assert.equal(calls[0].start, 400)
    assert.deepEqual(shape(calls[0]), [
      ['token', 400, 500],
      ['attempt', 500, 510],
    ])
  })

  test('for which a login is made has that as a row with its own number', () => {
    const { calls, markers } = play(log.createLog(10), [
      [100, { type: 'request', call: 7, operation: 'getAuthToken', attempt: 1, ...sent }],
      [
        120,
        { type: 'response', call: 7, operation: 'getAuthToken', attempt: 1, ...{ status: 200 } },
      ],
      [120, { type: 'token', cause: 'login', lifeMs: 1, generation: 1 }],
      [121, { type: 'request', call: 7, operation, attempt: 1, ...sent }],
      [130, { type: 'done', call: 7, operation, attempts: 1, outcome: 'network', durationMs: 30 }],
    ])
    assert.deepEqual(
      calls.map((/** @type {any} */ { call, operation, inner, outcome }) => [
        ...[call, operation, inner, outcome],
      ]),
      [
        [7, 'getAuthToken', true, 'ok'],
        [7, operation, false, 'network'],
      ],
    )
    assert.equal(markers.length, 1)
  })

  test('that asks for a login itself is no login for another', () => {
    const own = { call: 1, operation: 'getAuthToken' }
    const { calls } = play(log.createLog(10), [
      [100, { type: 'request', ...own, attempt: 1, ...sent }],
      [120, { type: 'response', ...own, attempt: 1, status: 401, durationMs: 20 }],
      [120, { type: 'done', ...own, attempts: 1, outcome: 'platform', durationMs: 20 }],
    ])
    assert.deepEqual([calls[0].inner, calls[0].outcome], [false, 'platform'])
  })

  test('that is aborted while its login is tried again leaves nothing under way', () => {
    const login = { call: 1, operation: 'getAuthToken', attempt: 1 }
    const { calls } = play(log.createLog(10), [
      [100, { type: 'request', ...login, ...sent }],
      [120, { type: 'failure', ...login, kind: 'network', durationMs: 20 }],
      [120, { type: 'retry', ...login, delayMs: 1000, kind: 'network' }],
      [200, { type: 'done', call: 1, operation, attempts: 0, outcome: 'aborted', durationMs: 100 }],
    ])
    assert.ok(calls.every((/** @type {any} */ call) => call.end === 200))
    assert.deepEqual(shape(calls[1]), [['token', 100, 200]])
  })
})

describe('many calls', () => {
  /** @param {number} call */
  const whole = (call) =>
    /** @type {[number, any][]} */ ([
      [call, { type: 'request', call, operation, attempt: 1, ...sent }],
      [call, { type: 'done', call, operation, attempts: 1, outcome: 'ok', durationMs: 0 }],
    ])

  test('drop the oldest that is over', () => {
    const rows = log.createLog(3)
    play(rows, [[0, { type: 'request', call: 1, operation, attempt: 1, ...sent }]])
    for (let call = 2; call < 9; call += 1) play(rows, whole(call))
    assert.deepEqual(
      rows.calls.map((/** @type {any} */ { call }) => call),
      [1, 7, 8],
    )
  })

  test('are cleared but for those under way; what comes later of the others opens no row', () => {
    const rows = log.createLog(10)
    play(rows, [...whole(1), [5, { type: 'request', call: 2, operation, attempt: 1, ...sent }]])
    rows.clear()
    play(rows, [
      [9, { type: 'response', call: 1, operation, attempt: 1, status: 200, durationMs: 1 }],
    ])
    assert.deepEqual(
      rows.calls.map((/** @type {any} */ { call }) => call),
      [2],
    )
  })
})

describe('a redactor', () => {
  const TOKEN = 'b13d86b0c97af52a31c88b475661cd4'

  test('hides what headers, addresses, forms and JSON name as secret, and nothing else', () => {
    const { header, url, body } = redact.createRedactor()
    const { MASK } = redact
    assert.deepEqual(header('authorization', `Bearer ${TOKEN}`), [
      'authorization',
      `Bearer ${MASK}`,
    ])
    assert.deepEqual(header('authorization', 'ACS3-HMAC-SHA256 Credential=K1,Signature=abcdef12'), [
      'authorization',
      `ACS3-HMAC-SHA256 ${MASK}`,
    ])
    for (const name of ['x-acs-security-token', 'x-acs-accesskey-id', 'cookie', 'X-Auth-Token']) {
      assert.deepEqual(header(name, TOKEN), [name, MASK])
    }
    assert.deepEqual(header('app_key', 'app1'), ['app_key', 'app1'])
    assert.equal(
      url(
        'https://a.example/x?Signature=abc%2Bdef&Action=Get&AccessKeyId=LTAI0001&SignatureMethod=M',
      ),
      `https://a.example/x?Signature=${MASK}&Action=Get&AccessKeyId=${MASK}&SignatureMethod=M`,
    )
    const form = body(
      'appId=app1&secret=s%2Be&SecurityToken=CAIS1',
      'application/x-www-form-urlencoded',
    )
    assert.deepEqual(form.pairs, [
      ['appId', 'app1'],
      ['secret', MASK],
      ['SecurityToken', MASK],
    ])
    const answer = {
      ...{ accessToken: TOKEN, refreshToken: TOKEN, tokenType: 'bearer', expiresIn: 3600 },
      device: { psk: '0123', verifyCode: 4711, DeviceAccessKeySecret: 'x', password: 'y' },
      tokens: ['a', { value: 'b' }],
      TokenStatus: true,
    }
    assert.deepEqual(JSON.parse(body(JSON.stringify(answer), '').text), {
      ...{ accessToken: MASK, refreshToken: MASK, tokenType: 'bearer', expiresIn: 3600 },
      device: { psk: MASK, verifyCode: MASK, DeviceAccessKeySecret: MASK, password: MASK },
      tokens: [MASK, { value: MASK }],
      TokenStatus: true,
    })
  })

  const QUOTED = {
    'JSON that is cut': `{"scope":"x","accessToken":"${TOKEN}`,
    'JSON that is no JSON': `{"accessToken":"${TOKEN}",}`,
    'JSON in a text': JSON.stringify({ log: JSON.stringify({ accessToken: TOKEN }) }),
    'JSON in JSON in a text': JSON.stringify({
      log: JSON.stringify({ log: JSON.stringify({ accessToken: TOKEN }) }),
    }),
    'a member that is there twice': `{"accessToken":"${TOKEN}","accessToken":"other-token"}`,
    XML: `<r><DeviceAccessKeySecret>${TOKEN}</DeviceAccessKeySecret></r>`,
    'a form in a page': `<p>secret=${TOKEN}&x=1</p>`,
    'a header in a page': `<pre>authorization: Bearer ${TOKEN}</pre>`,
  }
  for (const [what, raw] of Object.entries(QUOTED)) {
    test(`hides what stands in ${what}`, () => {
      const { body } = redact.createRedactor()
      const kept = JSON.stringify(body(raw, 'text/html'))
      assert.ok(!kept.includes(TOKEN), kept)
    })
  }

  test('is done with the largest body in a moment, whatever it repeats', () => {
    for (const piece of ['\\', '<a', '<a ', '"a', '"a" : ', '\\"a\\":\\"', 'bearer ', 'a.-', '=']) {
      const { body } = redact.createRedactor()
      const raw = `=${piece.repeat(65_536 / piece.length)}`
      const started = performance.now()
      assert.equal(body(raw, 'text/html').kind, 'text')
      const took = performance.now() - started
      assert.ok(took < 1000, `${JSON.stringify(piece)}: ${took} ms`)
    }
  })

  test('hides a secret of the request wherever else it is quoted', () => {
    const { header, body, scrubBody, scrub } = redact.createRedactor()
    header('authorization', `Bearer ${TOKEN}`)
    body('{"secret":"s+e/c=r&t%1"}', 'application/json')
    const { text } = scrubBody(body(`no session ${TOKEN} of s+e/c=r&t%1`, 'text/plain'))
    assert.equal(text, `no session ${redact.MASK} of ${redact.MASK}`)
    assert.equal(scrub('/p/s%2Be%2Fc%3Dr%26t%251'), `/p/${redact.MASK}`)
  })
})

describe('a curl command', () => {
  test('quotes for the shell, and has placeholders for secrets', () => {
    const { MASK } = redact
    const command = curl.curl({
      ...{ method: 'POST', url: "https://a.example/it's" },
      headers: [['authorization', `Bearer ${MASK}`]],
      body: {
        kind: 'form',
        pairs: [
          ['a b', 'c&d'],
          ['secret', MASK],
        ],
      },
    })
    assert.equal(
      command,
      String.raw`curl --request POST 'https://a.example/it'\''s' \
  --header 'authorization: Bearer REDACTED' \
  --data-raw 'a%20b=c%26d&secret=REDACTED'`,
    )
  })
})

describe('the budget', () => {
  test('counts attempts in a window that slides, and no logins', () => {
    const counter = budget.createBudget({ calls: 3, perMs: 1000 })
    /** @param {number} call @param {string} name @param {number} at */
    const go = (call, name, at) =>
      counter.take(1, { type: 'request', call, operation: name, attempt: 1, ...sent }, at)
    go(1, 'getAuthToken', 100)
    go(1, operation, 100)
    go(2, operation, 500)
    assert.equal(counter.read(900).used, 2)
    assert.equal(counter.read(900).freeAt, undefined)
    assert.equal(counter.read(1100).used, 1)
    assert.equal(counter.read(1501).used, 0)
  })

  test('takes over what the throttle tells: its limit, calls of before, and who waits until when', () => {
    const counter = budget.createBudget({ calls: 100, perMs: 60_000 })
    const told = { used: 4, calls: 4, perMs: 1000 }
    counter.take(1, { type: 'throttle', call: 5, operation, delayMs: 300, ...told }, 2000)
    const { used, calls, perMs, waiting, freeAt } = counter.read(2000)
    assert.deepEqual({ used, calls, perMs, waiting, freeAt }, { ...told, waiting: 1, freeAt: 2300 })
    counter.take(1, { type: 'request', call: 5, operation, attempt: 1, ...sent }, 2300)
    assert.equal(counter.read(2300).waiting, 0)
  })
})

describe('the time axis', () => {
  const calls = [
    { start: 0, end: 10 },
    { start: 100_000, end: 100_500 },
    { start: 130_000, end: 130_500 },
  ]

  test('shows everything, or the last minute or ten seconds of what is in view', () => {
    const of = (/** @type {string} */ zoom, seen = calls) => {
      const { from, span } = scale.scaleOf(calls, seen, zoom, 999_999)
      return [from, Math.round(span / 1.02)]
    }
    assert.deepEqual(of('all'), [0, 130_500])
    assert.deepEqual(of('minute'), [70_500, 60_000])
    assert.deepEqual(of('seconds'), [120_500, 10_000])
    assert.deepEqual(of('seconds', calls.slice(0, 2)), [90_500, 10_000])
  })

  test('has round moments, no more than fit', () => {
    const found = scale.ticks({ from: 1_000_050, span: 9000 }, 5)
    assert.deepEqual(
      found.map((/** @type {any} */ { at }) => at),
      [1_002_000, 1_004_000, 1_006_000, 1_008_000],
    )
  })
})
