// What sends for a client without a `fetch` of its own in Node: the lean sender over node:http, unless somebody has
// a hand in the global fetch. Each case is a process of its own, which has to end by itself after its last call.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'

import { build } from 'esbuild'

import { installPackage } from './support/package.js'
import { ended, startEcho, told, tool } from './support/sender-echo.js'

const PACKAGE = join(installPackage(), 'node_modules/northbound')
const folder = mkdtempSync(join(tmpdir(), 'northbound-sender-'))

/** @type {Awaited<ReturnType<typeof startEcho>>} */
let server
before(async () => {
  server = await startEcho()
})
beforeEach(() => Object.assign(server.seen, { connections: 0, requests: 0 }))
after(() => {
  server.stop()
  rmSync(folder, { recursive: true })
})

describe('over node:http goes a call', () => {
  test('of every client, on one connection', async () => {
    const calls = 'tell(await ask()); client = undefined; tell(await ask({ fetch: undefined }))'
    assert.deepEqual(await told(server.url, calls), ['http', 'http'])
    assert.deepEqual(server.seen, { connections: 1, requests: 2 })
  })

  test('of the package as require gives it, inline, and bundled for a server', async () => {
    const required = `
      const { createRequire } = await import('node:module')
      const { NorthApiClient } = createRequire(process.cwd() + '/x.js')('northbound')
      const app = { appId: 'app1', secret: 's', baseUrl: url }
      client = new NorthApiClient(app)
      tell(await ask())`
    assert.deepEqual(await told(server.url, required), ['http'])
    assert.deepEqual(await told(server.url, 'tell(await ask())', { from: 'northbound/inline' }), [
      'http',
    ])
    const stdin = { contents: "export * from 'northbound'", resolveDir: installPackage() }
    const options = { stdin, bundle: true, platform: /** @type {const} */ ('node') }
    for (const format of /** @type {const} */ (['esm', 'cjs'])) {
      const ending = format === 'esm' ? '.mjs' : '.cjs'
      const out = { entryNames: 'bundle', outdir: folder, outExtension: { '.js': ending } }
      const splitting = format === 'esm'
      const built = await build({ ...options, format, splitting, metafile: true, ...out })
      assert.equal(Object.keys(built.metafile.outputs).length, 1, 'no bundler needs a second file')
      const from = join(folder, `bundle${ending}`)
      assert.deepEqual(await told(server.url, 'tell(await ask())', { from }), ['http'])
    }
  })

  const newer = typeof (/** @type {any} */ (process).getBuiltinModule) === 'function'
  const old = newer ? false : 'Node before 20.16 and 22.3 has its own modules by import() alone'
  test(
    'of one file that is run as a script, where there is no import()',
    { skip: old },
    async () => {
      const stdin = {
        contents: "export * from 'northbound/inline'; export { nodeFetch } from 'northbound/node'",
        resolveDir: installPackage(),
      }
      const outfile = join(folder, 'script.cjs')
      await build({
        stdin,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        outfile,
        logLevel: 'error',
      })
      const text = `
      const { readFileSync } = await import('node:fs')
      const { createRequire } = await import('node:module')
      const { compileFunction } = await import('node:vm')
      const module = { exports: {} }
      const code = readFileSync(${JSON.stringify(outfile)}, 'utf8')
      const run = compileFunction(code, ['exports', 'require', 'module'])
      run(module.exports, createRequire(process.cwd() + '/x.js'), module)
      const { NorthApiClient, nodeFetch } = module.exports
      const app = { appId: 'app1', secret: 's', baseUrl: url }
      for (const fetch of [undefined, nodeFetch()]) {
        client = new NorthApiClient(app, { fetch, retry: false })
        tell(await ask())
      }`
      const from = 'northbound'
      assert.deepEqual(await told(server.url, text, { from }), ['http', 'http'])
    },
  )

  test('and neither TLS nor a decoder is loaded for it', async () => {
    const text = `
      tell(await ask())
      tell(process.moduleLoadList.filter((name) => / (https?|tls|zlib)$/.test(name)))`
    assert.deepEqual(await told(server.url, text), ['http', ['NativeModule http']])
  })

  test('of several that come while it is loaded, on connections that the next ones share', async () => {
    const text = `
      await load()
      tell(...await Promise.all([ask(), ask(), ask()]))
      tell(...await Promise.all([ask(), ask(), ask()]))`
    assert.deepEqual(await told(server.url, text), Array(6).fill('http'))
    assert.deepEqual(server.seen, { connections: 3, requests: 6 })
  })

  test('unless it ends while that is loaded', async () => {
    const text = `
      const { NorthApiClient } = await load()
      client = new NorthApiClient({ appId: 'app1', secret: 's', baseUrl: url }, { retry: false, throttle: false })
      const call = async (moment) => {
        const caller = new AbortController()
        const { signal } = caller
        const ended = client.queryDeviceStatus({ deviceId: 'd' }, { accessToken: 't', signal })
          .then(() => 'ok', ({ name }) => name)
        for (let at = 0; at < moment; at += 1) await null
        caller.abort()
        return ended
      }
      tell(...await Promise.all([0, 1, 2, 4, 8, 16].map(call)))
      tell(await ask())`
    assert.deepEqual(await told(server.url, text), [...Array(6).fill('AbortError'), 'http'])
    assert.deepEqual(server.seen, { connections: 1, requests: 1 })
  })

  test('after the program itself has used the global fetch', async () => {
    assert.deepEqual(await told(server.url, 'await (await fetch(url)).text(); tell(await ask())'), [
      'http',
    ])
  })

  test('by the `request` that the module has at that moment', async () => {
    const text = `
      const { default: http } = await import('node:http')
      const { request } = http
      tell(await ask())
      http.request = (...args) => (tell('seen'), request(...args))
      tell(await ask())
      http.request = request
      tell(await ask())`
    assert.deepEqual(await told(server.url, text), ['http', 'seen', 'http', 'http'])
  })

  test('that ends in time whatever its request does when it is ended', async () => {
    const text = `
      const { default: http } = await import('node:http')
      const { request } = http
      const lost = { appId: 'app1', secret: 's', baseUrl: url }
      const { NorthApiClient } = await load()
      client = new NorthApiClient(lost, { retry: false })
      const call = (options) => client
        .queryDeviceStatus({ deviceId: 'd' }, { accessToken: 't', ...options })
        .then(() => 'ok', ({ name }) => name)
      http.request = (...args) => {
        const sent = request(...args)
        sent.end = () => sent
        sent.destroy = () => { throw new Error('cannot be ended') }
        return sent
      }
      const soon = new AbortController()
      setTimeout(() => soon.abort(), 20)
      tell(await call({ signal: soon.signal }), await call({ timeoutMs: 20 }))
      // One that is never made, ended in one of the next moments.
      const outcomes = new Set()
      for (let moment = 0; moment < 8; moment += 1) {
        const caller = new AbortController()
        http.request = () => {
          void (async () => {
            for (let at = 0; at < moment; at += 1) await null
            caller.abort()
          })()
          throw new Error('no request')
        }
        outcomes.add(await call({ signal: caller.signal }))
      }
      http.request = request
      const known = ['AbortError', 'NetworkError']
      tell([...outcomes].filter((name) => !known.includes(name)), await ask())
      process.exitCode = 0
      setTimeout(() => process.exit()).unref()`
    assert.deepEqual(await told(server.url, text), ['AbortError', 'TimeoutError', [], 'http'])
  })

  test('without a body that somebody gave to all objects', async () => {
    const text = `
      const { default: http } = await import('node:http')
      const { ClientRequest } = http
      const { end: own } = ClientRequest.prototype
      ClientRequest.prototype.end = function (body) {
        tell(body)
        return own.call(this, body)
      }
      Object.prototype.body = 'not mine'
      tell(await ask())
      delete Object.prototype.body`
    assert.deepEqual(await told(server.url, text), [null, 'http'])
  })

  test('and the process ends at once after the last one', async () => {
    assert.ok((await ended(server.url, 'tell(await ask())')).ms < 1000)
  })

  test('and nothing of it is loaded before the first one', async () => {
    const text = `
      const { NorthApiRequests } = await load()
      new NorthApiRequests({ appId: 'a', secret: 's', baseUrl: url }).getAuthToken()
      const loaded = () => process.moduleLoadList.includes('NativeModule _http_client')
      tell(loaded(), await ask(), loaded())`
    assert.deepEqual(await told(server.url, text), [false, 'http', true])
  })
})

describe('a global fetch', () => {
  const replaced =
    'async () => new Response(\'{"deviceId":"dev-1","activated":true,"name":"replaced"}\')'

  test('that is replaced is asked, until it is put back', async () => {
    const text = `
      const { fetch: own } = globalThis
      tell(await ask())
      globalThis.fetch = ${replaced}
      tell(await ask())
      globalThis.fetch = own
      tell(await ask())`
    assert.deepEqual(await told(server.url, text), ['http', 'replaced', 'http'])
  })

  test('that was replaced before the package came is asked, until it is put back', async () => {
    const text = `
      const { fetch: own } = globalThis
      globalThis.fetch = ${replaced}
      tell(await ask())
      globalThis.fetch = own
      tell(await ask())`
    assert.deepEqual(await told(server.url, text), ['replaced', 'http'])
  })

  test('that is wrapped is asked, however alike it looks', async () => {
    for (const wrapped of [
      '(...args) => own(...args)',
      'own.bind()',
      'new Proxy(own, {})',
      'Object.assign(function fetch(input, init = undefined) { return own(input, init) }, own)',
    ]) {
      const text = `const own = fetch; globalThis.fetch = ${wrapped}; tell(await ask())`
      assert.deepEqual(await told(server.url, text), ['fetch'], wrapped)
    }
  })

  test('that is gone is missed', async () => {
    assert.deepEqual(await told(server.url, 'delete globalThis.fetch; tell(await ask())'), [
      'network',
    ])
    assert.equal(server.seen.requests, 0)
  })

  test('whose requests somebody listens for is asked', async () => {
    const text = `
      const { subscribe, unsubscribe } = await import('node:diagnostics_channel')
      const listener = () => tell('heard')
      subscribe('undici:request:create', listener)
      tell(await ask())
      unsubscribe('undici:request:create', listener)
      tell(await ask())`
    assert.deepEqual(await told(server.url, text), ['heard', 'fetch', 'http'])
  })

  test('is asked at once, though nothing was loaded for a call: a mock may be gone a moment later', async () => {
    const text = `
      const own = globalThis.fetch
      globalThis.fetch = async () => (tell('mocked'), new Response('{"deviceId":"d","activated":true}'))
      await load()
      const asked = ask()
      for (let tick = 0; tick < 50; tick += 1) await null
      globalThis.fetch = own
      await asked`
    assert.deepEqual(await told(server.url, text), ['mocked'])
  })

  test('stands in where a bundler has lost the lean sender', async () => {
    const copy = join(folder, 'copy')
    cpSync(PACKAGE, copy, { recursive: true })
    rmSync(join(copy, 'node-exchange.js'))
    assert.deepEqual(await told(server.url, 'tell(await ask())', { from: join(copy, 'node.js') }), [
      'fetch',
    ])
  })
})

describe('a proxy', () => {
  test('in a variable leads to the global fetch, unless the variable is empty', async () => {
    // Node from 24.5 on would use it; what is under test is who was asked.
    const env = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' }
    assert.deepEqual(await told(server.url, 'tell(await ask())', { env }), ['fetch'])
    const empty = { HTTPS_PROXY: '', http_proxy: '' }
    assert.deepEqual(await told(server.url, 'tell(await ask())', { env: empty }), ['http'])
  })

  test('that is set later, by any of the variables, is noticed until it is taken back', async () => {
    const text = `
      process.env.NO_PROXY = '127.0.0.1'
      for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
        for (const variable of [name, name.toLowerCase()]) {
          process.env[variable] = 'http://127.0.0.1:9'
          tell([variable, await ask()])
          delete process.env[variable]
          tell([variable, await ask()])
        }
      }`
    const asked = await told(server.url, text)
    assert.equal(asked.length, 16)
    asked.forEach(([variable, sender], at) =>
      assert.equal(sender, at % 2 ? 'http' : 'fetch', variable),
    )
  })

  test('by the flag of Node leads to the global fetch', async () => {
    // As Node tells it; not every version that is supported knows the flag.
    const text = "process.execArgv.push('--use-env-proxy'); tell(await ask())"
    assert.deepEqual(await told(server.url, text), ['fetch'])
    const known = process.allowedNodeEnvironmentFlags.has('--use-env-proxy')
    const options = { execArgv: known ? ['--use-env-proxy'] : [] }
    const expected = known ? 'fetch' : 'http'
    assert.deepEqual(await told(server.url, 'tell(await ask())', options), [expected])
  })

  test('is nothing to a client with `fetch: nodeFetch()`', async () => {
    const text = `
      const { nodeFetch } = await import('northbound/node')
      tell(await ask({ fetch: nodeFetch() }))`
    const env = { HTTP_PROXY: 'http://127.0.0.1:9' }
    assert.deepEqual(await told(server.url, text, { env }), ['http'])
  })
})

describe('a dispatcher', () => {
  /** What is set in place of Node's own, which is `own`. */
  const SETS = {
    'an agent with options': 'new undici.Agent({ connections: 1 })',
    'a plain agent of a package': 'new undici.Agent()',
    'the same with an interceptor':
      'own.compose((dispatch) => (options, handler) => dispatch(options, handler))',
    'an agent that reads the proxy variables': 'new undici.EnvHttpProxyAgent()',
    'an agent of Node’s own class with options':
      'new own.constructor({ connect: { timeout: 1000 } })',
    'an agent of Node’s own class with a factory':
      'new own.constructor({ factory: (origin) => new undici.Client(origin) })',
    'Node’s own with another dispatch': 'Object.assign(own, { dispatch: own.dispatch.bind(own) })',
    'Node’s own with another dispatch in its class':
      '((own.constructor.prototype.dispatch = own.dispatch.bind(own)), own)',
    'an object without a prototype':
      'Object.assign(Object.create(null), { dispatch: own.dispatch.bind(own) })',
  }
  for (const [name, set] of Object.entries(SETS)) {
    test(`that is ${name} leads to the global fetch`, async () => {
      const text = `
        await fetch('data:,')
        const at = (number) => globalThis[Symbol.for('undici.globalDispatcher.' + number)]
        const own = at(2) ?? at(1)
        tell(await ask())
        const undici = await import(${tool('undici')})
        tell(await ask())
        undici.setGlobalDispatcher(${set})
        tell(await ask())`
      assert.deepEqual(await told(server.url, text), ['http', 'http', 'fetch'])
    })
  }

  test('under a number that is not known yet leads to the global fetch', async () => {
    const text = `
      globalThis[Symbol.for('undici.globalDispatcher.77')] = { dispatch() {} }
      tell(await ask())
      delete globalThis[Symbol.for('undici.globalDispatcher.77')]
      tell(await ask())`
    assert.deepEqual(await told(server.url, text), ['fetch', 'http'])
  })
})

describe('over TLS', () => {
  /** @type {Awaited<ReturnType<typeof startEcho>>} */
  let secure
  const ca = join(folder, 'ca.pem')

  before(async () => {
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=iot']
    const files = ['-keyout', join(folder, 'ca.key'), '-out', ca]
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', [...args, ...files, ...names], { stdio: 'pipe' })
    const [cert, key] = [ca, join(folder, 'ca.key')].map((file) => readFileSync(file, 'utf8'))
    secure = await startEcho({ cert: String(cert), key: String(key) })
  })
  after(() => secure.stop())

  test('a server that nobody vouches for is refused', async () => {
    assert.deepEqual(await told(secure.url, 'tell(await ask())'), ['network'])
  })

  test('NODE_EXTRA_CA_CERTS vouches for it', async () => {
    const env = { NODE_EXTRA_CA_CERTS: ca }
    assert.deepEqual(await told(secure.url, 'tell(await ask(), await ask())', { env }), [
      'http',
      'http',
    ])
  })

  test('a process ends at once after its last call', async () => {
    const env = { NODE_EXTRA_CA_CERTS: ca }
    assert.ok((await ended(secure.url, 'tell(await ask())', { env })).ms < 1000)
  })

  test('NODE_TLS_REJECT_UNAUTHORIZED=0 asks nobody', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    assert.deepEqual(await told(secure.url, 'tell(await ask())', { env }), ['http'])
  })
})
