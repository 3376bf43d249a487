// The OpenTelemetry example: what it makes of a client's events, and its page as a user runs it.
import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'

import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'

import { runModule } from './support/child.js'
import { leaksIn } from './support/leaks.js'
import { importPackage, installPackage } from './support/package.js'
import { APP, root, startSimulator } from './support/simulator.js'

const EXAMPLE = new URL('../../examples/opentelemetry.mjs', import.meta.url)
const VERIFY_CODE = 'c0de-of-the-test'

const { telemetry } = await import(EXAMPLE.href)
const { NorthApiClient } = await importPackage()

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
let deviceId = ''
before(async () => {
  sim = await startSimulator()
})
after(() => sim.stop())
beforeEach(async () => {
  await sim.control('POST', '/reset', {})
  const device = { nodeId: 'meter-of-the-test', state: 'offline' }
  deviceId = (await sim.control('POST', '/devices', device)).deviceId
})

/** Exporters that keep what they get, and the listener that feeds them. */
function collect() {
  const spans = new InMemorySpanExporter()
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
  const meters = new MeterProvider({ readers: [reader] })
  const onEvent = telemetry({ meter: meters.getMeter('test'), tracer: tracers.getTracer('test') })
  return {
    onEvent,
    spans: () => spans.getFinishedSpans(),
    /** Metrics by name: a line for each set of attributes, with its sum, or how many were recorded. */
    async metrics() {
      await reader.forceFlush()
      const all =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? []
      const line = (/** @type {any} */ { attributes, value }) => {
        return [...Object.values(attributes), value.count ?? value].join(' ')
      }
      return Object.fromEntries(
        all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(line).sort()]),
      )
    },
    stop: () => Promise.all([meters.shutdown(), tracers.shutdown()]),
  }
}

describe('telemetry', () => {
  /** @type {ReturnType<typeof collect>} */
  let told
  /** @type {import('northbound').NorthApiClient} */
  let client
  const connect = (/** @type {import('northbound').NorthApiOptions} */ options = {}) => {
    client = new NorthApiClient(
      { ...APP, baseUrl: sim.http },
      { onEvent: told.onEvent, ...options },
    )
  }
  beforeEach(() => {
    told = collect()
    connect()
  })
  afterEach(async () => {
    client.free()
    await told.stop()
  })

  test('calls are counted by operation and outcome, and their durations recorded', async () => {
    await client.queryDeviceStatus({ deviceId })
    await client.queryDeviceStatus({ deviceId })
    await assert.rejects(client.queryDeviceStatus({ deviceId: 'unknown' }), { code: '100403' })
    const { 'northbound.calls': calls, 'northbound.call.duration': durations } =
      await told.metrics()
    assert.deepEqual(calls, ['queryDeviceStatus ok 2', 'queryDeviceStatus platform 1'])
    assert.deepEqual(durations, calls)
  })

  test('retries are counted with the code that caused them', async () => {
    connect({ retry: { baseDelayMs: 1 } })
    const fault = { operation: 'queryDeviceStatus', kind: 'error', status: 503, code: '1010023' }
    await sim.control('POST', '/faults', { ...fault, times: 2 })
    await client.queryDeviceStatus({ deviceId })
    const { 'northbound.retries': retries } = await told.metrics()
    assert.deepEqual(retries, ['queryDeviceStatus platform 1010023 2'])
  })

  test('a retry after no answer at all has no code', async () => {
    connect({ retry: { baseDelayMs: 1 } })
    await sim.control('POST', '/faults', { operation: 'queryDeviceStatus', kind: 'lostAfter' })
    await client.queryDeviceStatus({ deviceId })
    const { 'northbound.retries': retries } = await told.metrics()
    assert.deepEqual(retries, ['queryDeviceStatus network 1'])
  })

  test('tokens are counted by where they came from', async () => {
    await client.queryDeviceStatus({ deviceId })
    await client.refreshAuthToken()
    await sim.control('POST', '/tokens/kill')
    await client.queryDeviceStatus({ deviceId })
    const { 'northbound.tokens': tokens } = await told.metrics()
    assert.deepEqual(tokens, ['login 2', 'refresh 1', 'rejected 1'])
  })

  test('waits for the throttle are recorded', async () => {
    connect({ throttle: { calls: 1, perMs: 200, slackMs: 0 } })
    for (let call = 0; call < 3; call += 1) await client.queryDeviceStatus({ deviceId })
    const { 'northbound.throttle.wait': waits } = await told.metrics()
    assert.deepEqual(waits, ['queryDeviceStatus 2'])
    const span = told.spans().at(-1)
    assert.ok(span?.events.some(({ name }) => name === 'throttle'))
  })

  test('warnings are counted by what they are about', async () => {
    const broken = () => Promise.reject(Object.assign(new Error('no'), { retryable: false }))
    const tokenStore = {
      read: broken,
      acquire: broken,
      renew: broken,
      commit: broken,
      release: broken,
    }
    connect({ tokenStore })
    await client.queryDeviceStatus({ deviceId })
    const { 'northbound.warnings': warnings } = await told.metrics()
    assert.deepEqual(warnings, ['token-store 1'])
  })

  test('each call is one span with what happened on the way', async () => {
    await client.queryDeviceStatus({ deviceId })
    await assert.rejects(client.queryDeviceStatus({ deviceId: 'unknown' }))
    const [first, second] = told.spans()
    assert.equal(told.spans().length, 2)
    assert.equal(first?.name, 'northbound queryDeviceStatus')
    assert.deepEqual(first?.attributes, {
      operation: 'queryDeviceStatus',
      attempts: 1,
      outcome: 'ok',
      call: 1,
    })
    const happened = first?.events.map(({ name, attributes }) => `${name} ${attributes?.operation}`)
    assert.deepEqual(happened, [
      'request getAuthToken',
      'response getAuthToken',
      'request queryDeviceStatus',
      'response queryDeviceStatus',
    ])
    assert.deepEqual(second?.status, { code: 2, message: 'platform' })
    assert.deepEqual(
      second?.events.map(({ name }) => name),
      ['request', 'response'],
    )
  })

  test('a span is as long as its call, and ends when that does', () => {
    const before = Date.now()
    const end = { type: 'done', call: 1, operation: 'x', attempts: 1, outcome: 'ok' }
    told.onEvent({ ...end, durationMs: 1500 })
    const [span] = told.spans()
    assert.deepEqual(span?.duration, [1, 500_000_000])
    const [seconds, nanoseconds] = span?.endTime ?? [0, 0]
    const endedMs = seconds * 1000 + nanoseconds / 1e6
    assert.ok(endedMs >= before && endedMs <= Date.now())
  })

  test('the span of one caller never becomes the parent of another’s call', async () => {
    const active = new AsyncLocalStorage()
    const manager = {
      active: () => active.getStore() ?? ROOT_CONTEXT,
      with: (/** @type {any} */ to, /** @type {any} */ run) => active.run(to, run),
      bind: (/** @type {any} */ _to, /** @type {any} */ target) => target,
      enable: () => manager,
      disable: () => manager,
    }
    assert.ok(context.setGlobalContextManager(/** @type {any} */ (manager)))
    try {
      const callers = ['1', '2', '3'].map((digit) => {
        const ids = { traceId: digit.repeat(32), spanId: digit.repeat(16), traceFlags: 1 }
        return trace.setSpanContext(ROOT_CONTEXT, ids)
      })
      const ask = () => client.queryDeviceStatus({ deviceId })
      await Promise.all(callers.map((caller) => context.with(caller, ask)))
    } finally {
      context.disable()
    }
    assert.equal(told.spans().length, 3)
    assert.ok(told.spans().every((span) => span.parentSpanContext === undefined))
  })

  test('no secret, device or path is in anything that is exported', async () => {
    const { accessToken, refreshToken } = await client.getAuthToken()
    await client.refreshDeviceKey({ deviceId, verifyCode: VERIFY_CODE })
    await sim.control('POST', '/tokens/kill')
    await client.queryDeviceStatus({ deviceId })
    const now = await client.getAuthToken()
    await assert.rejects(client.deleteDirectDevice({ deviceId: 'unknown' }))
    const spans = told.spans().map(({ name, attributes, events, status, resource }) => {
      return { name, attributes, events, status, resource: resource.attributes }
    })
    const outputs = [
      { channel: 'spans', situation: 'five calls', text: JSON.stringify(spans) },
      { channel: 'metrics', situation: 'five calls', text: JSON.stringify(await told.metrics()) },
    ]
    const secrets = {
      secret: APP.secret,
      'access token': accessToken,
      'refresh token': refreshToken,
      'second access token': now.accessToken,
      'second refresh token': now.refreshToken,
      code: VERIFY_CODE,
      device: deviceId,
      path: '/iocm/',
    }
    assert.deepEqual(leaksIn(outputs, secrets), [])
    const planted = [{ channel: 'spans', situation: 'planted', text: `a=${accessToken}` }]
    assert.equal(leaksIn(planted, secrets).length, 1, 'the search finds what is there')
  })

  test('what is kept of calls has a bound', () => {
    for (let call = 1; call <= 10_001; call += 1) {
      told.onEvent({ type: 'request', call, operation: 'x', attempt: 1, method: 'GET', path: '/' })
    }
    const end = { type: 'done', operation: 'x', attempts: 1, outcome: 'ok', durationMs: 1 }
    told.onEvent({ ...end, call: 1 })
    told.onEvent({ ...end, call: 2 })
    assert.deepEqual(
      told.spans().map(({ events }) => events.length),
      [0, 1],
    )
  })
})

test('the page’s lines run as they stand and print metrics and a span, without a secret', async () => {
  const page = readFileSync(join(root, 'docs/opentelemetry.md'), 'utf8')
  const blocks = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block)
  assert.equal(blocks.length, 1)
  const home = installPackage()
  copyFileSync(EXAMPLE, join(home, 'opentelemetry.mjs'))
  const link = join(home, 'node_modules/@opentelemetry')
  mkdirSync(link, { recursive: true })
  for (const name of ['api', 'sdk-metrics', 'sdk-trace-base']) {
    const installed = join(root, 'node_modules/@opentelemetry', name)
    if (!existsSync(join(link, name))) symlinkSync(installed, join(link, name), 'dir')
  }
  // Beside the example, since the lines import it by a relative name.
  const { APP_ID, SECRET, BASE_URL } = { APP_ID: APP.appId, SECRET: APP.secret, BASE_URL: sim.http }
  const env = { APP_ID, SECRET, BASE_URL, DEVICE_ID: deviceId }
  const { code, stdout, stderr } = await runModule(blocks[0] ?? '', { env })
  assert.equal(code, 0, stderr)
  assert.match(stdout, /northbound queryDeviceStatus/)
  assert.match(stdout, /northbound\.call\.duration/)
  const outputs = [{ channel: 'standard output', situation: 'the page', text: stdout + stderr }]
  assert.deepEqual(leaksIn(outputs, { secret: APP.secret, device: deviceId }), [])
})
