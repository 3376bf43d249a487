// The entries of the package: which one a runtime or a tool gets, and that each loads by itself or by `init()`.
// Other runtimes and bundlers are tried in their own tests; what Node can show of them is here.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'

import { build } from 'esbuild'

import { installPackage } from './support/package.js'

const folder = installPackage()
const PACKAGE = join(folder, 'node_modules/northbound')
/** @type {Record<string, any>} */
const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))

/** Prints as JSON what a module text tells, in a Node of its own where the package is installed. */
const valueOf = (/** @type {string} */ source) => printed(['--input-type=module', '-e', source])

/** @param {string[]} args */
async function printed(args) {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder })
  return JSON.parse(stdout)
}

/** Shows that WebAssembly is there. */
const USE = `
  const app = { appId: 'a', secret: 's', baseUrl: 'https://h' }
  const use = ({ NorthApiRequests }) => new NorthApiRequests(app).getAuthToken().operation
  const tell = (value) => console.log(JSON.stringify(value))
`

describe('the table of exports', () => {
  const conditions = Object.keys(manifest.exports['.'])

  test('names the types first and the entry for all others last', () => {
    const known = ['types', 'workerd', 'edge-light', 'deno', 'bun', 'node', 'browser', 'default']
    assert.deepEqual(conditions, known)
  })

  test('has no entry without its file and its types', () => {
    /** @type {(target: any) => string[]} */
    const files = (target) =>
      typeof target === 'string' ? [target] : Object.values(target).flatMap(files)
    for (const target of files(manifest.exports))
      assert.ok(existsSync(join(PACKAGE, target)), target)
    for (const [path, target] of Object.entries(manifest.exports)) {
      if (/\.(json|wasm)$/.test(path)) continue
      assert.equal(Object.keys(target)[0], 'types', path)
      assert.equal(Object.keys(target).at(-1), 'default', path)
    }
  })

  test('marks every module that does something when it is imported, and no store', () => {
    const marked = ['edge-light', 'inline', 'node-inline', 'node', 'northbound', 'workerd']
    assert.deepEqual(
      manifest.sideEffects,
      marked.map((name) => `./${name}.js`),
    )
  })
})

describe('in Node', () => {
  test('import and require give the same package, loaded', async () => {
    const found = await valueOf(`${USE}
      import { createRequire } from 'node:module'
      import * as imported from 'northbound'
      const required = createRequire(process.cwd() + '/x.js')('northbound')
      tell([use(imported), use(required), imported.NorthApiClient === required.NorthApiClient])`)
    assert.deepEqual(found, ['getAuthToken', 'getAuthToken', true])
  })

  test('require works from CommonJS, for every entry that is code', async () => {
    const file = join(folder, 'required.cjs')
    writeFileSync(
      file,
      `${USE}
      const names = ['', '/inline', '/node', '/redis', '/testing', '/package.json']
      const found = names.map((name) => Object.keys(require('northbound' + name)).length > 0)
      tell([use(require('northbound')), ...found])`,
    )
    assert.deepEqual(await printed([file]), ['getAuthToken', ...Array(6).fill(true)])
  })

  test('the inline entry loads by itself, without the file', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'northbound-inline-'))
    try {
      cpSync(PACKAGE, alone, { recursive: true })
      rmSync(join(alone, 'northbound.wasm'))
      const found = await valueOf(`${USE}
        const inline = await import(${JSON.stringify(join(alone, 'inline.js'))})
        tell([use(inline), await inline.init('bad') ?? 'nothing'])`)
      assert.deepEqual(found, ['getAuthToken', 'nothing'])
      const refused = await valueOf(`${USE}
        import(${JSON.stringify(join(alone, 'node.js'))}).catch(({ name, argument, message, cause }) =>
          tell({ name, argument, message, code: cause.code }))`)
      assert.equal(refused.name, 'InvalidArgumentError')
      assert.equal(refused.argument, 'northbound.wasm')
      assert.equal(refused.code, 'ENOENT')
      assert.match(refused.message, /northbound\/inline/)
    } finally {
      rmSync(alone, { recursive: true })
    }
  })

  test('the text is the file, by either way of decoding it', async () => {
    const file = readFileSync(join(PACKAGE, 'northbound.wasm'))
    for (const fromBase64 of [
      'undefined',
      "(text) => new Uint8Array(Buffer.from(text, 'base64'))",
    ]) {
      const found = await valueOf(`
        Uint8Array.fromBase64 = ${fromBase64}
        const { wasmBytes } = await import(${JSON.stringify(join(PACKAGE, 'inline-wasm.js'))})
        console.log(JSON.stringify(Buffer.from(wasmBytes()).toString('base64')))`)
      assert.ok(file.equals(Buffer.from(found, 'base64')))
    }
  })

  test('all entries of one copy share their classes, in whatever order they come', async () => {
    for (const [first, second] of [
      ['node', 'inline'],
      ['inline', 'node'],
      ['inline', 'browser'],
      ['node', 'browser'],
    ]) {
      const found = await valueOf(`${USE}
        const path = ${JSON.stringify(PACKAGE)}
        const one = await import(path + '/${first}.js')
        const client = new one.NorthApiRequests(app)
        const two = await import(path + '/${second}.js')
        await two.init()
        tell([one.PlatformError === two.PlatformError, client.getAuthToken().operation, use(two)])`)
      assert.deepEqual(found, [true, 'getAuthToken', 'getAuthToken'], `${first}, ${second}`)
    }
  })

  test('an entry that loads while `init()` is under way keeps what was made in between', async () => {
    const seen = await valueOf(`${USE}
      import { readFileSync } from 'node:fs'
      const { init } = await import('${PACKAGE}/browser.js')
      let serve
      const bytes = new Promise((resolve) => { serve = resolve })
      const loading = init({ arrayBuffer: () => bytes })
      const { NorthApiRequests, errorCatalogue } = await import('${PACKAGE}/inline.js')
      const made = new NorthApiRequests(app)
      serve(readFileSync('${PACKAGE}/northbound.wasm'))
      await loading
      tell([made.getAuthToken().operation, use({ NorthApiRequests }), errorCatalogue().length])`)
    assert.deepEqual(seen, ['getAuthToken', 'getAuthToken', 121])
  })

  test('an error of one copy of the package is one for another copy', async () => {
    const other = mkdtempSync(join(tmpdir(), 'northbound-copy-'))
    try {
      cpSync(PACKAGE, other, { recursive: true })
      const found = await valueOf(`
        const one = await import(${JSON.stringify(join(PACKAGE, 'node.js'))})
        const two = await import(${JSON.stringify(join(other, 'inline.js'))})
        const caught = (act) => { try { act() } catch (error) { return error } }
        const errors = [one, two].map(({ NorthApiClient }) => caught(() => new NorthApiClient({})))
        console.log(JSON.stringify([
          one.NorthboundError === two.NorthboundError,
          ...errors.flatMap((error) => [one, two].map((copy) => copy.isNorthboundError(error))),
          errors[1] instanceof one.NorthboundError,
        ]))`)
      assert.deepEqual(found, [false, true, true, true, true, false])
    } finally {
      rmSync(other, { recursive: true })
    }
  })

  test('a module that another realm compiled is taken, as edge functions have it', async () => {
    const found = await valueOf(`${USE}
      import { readFileSync } from 'node:fs'
      import vm from 'node:vm'
      const path = ${JSON.stringify(PACKAGE)}
      const compile = vm.runInNewContext('(bytes) => new WebAssembly.Module(bytes)')
      const module = compile(readFileSync(path + '/northbound.wasm'))
      const northbound = await import(path + '/northbound.js')
      northbound.loadSync({ module })
      northbound.setLoaded()
      tell([module instanceof WebAssembly.Module, use(northbound)])`)
    assert.deepEqual(found, [false, 'getAuthToken'])
  })
})

describe('the entry for browsers, given nothing', () => {
  /** Runs `then` after the import, with fetch and warnings watched. @param {string} fetched */
  const loading = (fetched, then = 'await init()', entry = join(PACKAGE, 'browser.js')) =>
    valueOf(`${USE}
      import { readFileSync } from 'node:fs'
      const wasm = readFileSync(${JSON.stringify(join(PACKAGE, 'northbound.wasm'))})
      const asked = []
      const noise = []
      for (const level of ['log', 'warn', 'error']) console[level] = (...args) => noise.push(args)
      const page = (body, type, status = 200) => new Response(body, { status, headers: { 'content-type': type } })
      globalThis.fetch = async (url) => {
        asked.push(String(url).split('/').at(-1))
        return (${fetched})(asked.length)
      }
      const northbound = await import(${JSON.stringify(entry)})
      const { init } = northbound
      const told = ({ name, operation, argument, cause }) => ({ name, operation, argument, cause: String(cause) })
      ${then}
      const used = (() => { try { return use(northbound) } catch (error) { return error.argument } })()
      process.stdout.write(JSON.stringify({ asked, noise, used, ...globalThis.more }))`)

  test('asks for the file beside it, and compiles it while it arrives', async () => {
    const found = await loading("() => page(wasm, 'application/wasm')")
    assert.deepEqual(found, { asked: ['northbound.wasm'], noise: [], used: 'getAuthToken' })
  })

  test('takes the file under any type, without a word', async () => {
    for (const type of ['application/octet-stream', 'text/plain']) {
      const found = await loading(`() => page(wasm, '${type}')`)
      assert.deepEqual(found, { asked: ['northbound.wasm'], noise: [], used: 'getAuthToken' })
    }
  })

  test('takes the text where the file is not to be had', async () => {
    for (const fetched of [
      "() => page('no', 'text/html', 404)",
      "() => page('<!doctype html>', 'text/html')",
      "() => page('', 'application/octet-stream')",
      "() => Promise.reject(new TypeError('lost'))",
    ]) {
      const found = await loading(fetched)
      assert.deepEqual(found, { asked: ['northbound.wasm'], noise: [], used: 'getAuthToken' })
    }
  })

  test('says of a damaged file that it is one, and may be tried again', async () => {
    const found = await loading(
      "(time) => page(time === 1 ? wasm.subarray(0, 5000) : wasm, 'application/wasm')",
      `
      const error = await init().catch(told)
      let before
      try { use(northbound) } catch (refusal) { before = refusal.argument }
      globalThis.more = { error, before }
      await init()`,
    )
    assert.equal(found.before, 'init')
    assert.deepEqual(found.asked, ['northbound.wasm', 'northbound.wasm'])
    assert.equal(found.used, 'getAuthToken')
    const { cause, ...error } = found.error
    assert.deepEqual(error, { name: 'InvalidArgumentError', operation: 'init', argument: 'source' })
    assert.match(cause, /CompileError/)
  })

  test('loads once for calls at the same time', async () => {
    const many = 'await Promise.all([init(), init(), init(undefined), init()]); await init()'
    const found = await loading("() => page(wasm, 'application/wasm')", many)
    assert.deepEqual(found, { asked: ['northbound.wasm'], noise: [], used: 'getAuthToken' })
  })

  test('tells what was wrong with the file where the text cannot be had either', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'northbound-no-text-'))
    try {
      cpSync(PACKAGE, alone, { recursive: true })
      rmSync(join(alone, 'inline-wasm.js'))
      const found = await loading(
        "(time) => time === 1 ? page('no', 'text/html', 404) : page(wasm, 'application/wasm')",
        'globalThis.more = { error: await init().catch(told) }; await init()',
        join(alone, 'browser.js'),
      )
      assert.match(found.error.cause, /northbound\.wasm was answered with status 404/)
      assert.equal(found.used, 'getAuthToken')
    } finally {
      rmSync(alone, { recursive: true })
    }
  })

  test('asks for no file that a bundler left behind', async () => {
    const bundle = join(folder, 'bundle.mjs')
    await build({
      entryPoints: [join(PACKAGE, 'browser.js')],
      outfile: bundle,
      bundle: true,
      format: 'esm',
      logLevel: 'error',
    })
    const found = await loading('() => page(wasm)', 'await init()', bundle)
    assert.deepEqual(found, { asked: [], noise: [], used: 'getAuthToken' })
  })
})

describe('an address', () => {
  /** @type {http.Server} */
  let server
  let requests = 0

  before(async () => {
    const wasm = readFileSync(join(PACKAGE, 'northbound.wasm'))
    server = http.createServer((request, response) => {
      requests += 1
      const found = request.url === '/n.wasm'
      response.writeHead(found ? 200 : 404, {
        'content-type': found ? 'application/wasm' : 'text/html',
      })
      response.end(found ? wasm : 'not found')
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  after(() => server.close())

  test('that is given is asked for alone: a failure is told and the text is no answer to it', async () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
    const base = `http://127.0.0.1:${port}`
    const found = await valueOf(`${USE}
      const northbound = await import(${JSON.stringify(join(PACKAGE, 'browser.js'))})
      const { init } = northbound
      console.warn = () => {}
      const error = await init('${base}/missing.wasm').catch(({ argument }) => argument)
      await Promise.all([init('${base}/n.wasm'), init(new URL('${base}/n.wasm'))])
      tell([error, use(northbound)])`)
    assert.deepEqual(found, ['source', 'getAuthToken'])
    assert.equal(requests, 2)
  })
})

describe('a bundler', () => {
  /**
   * @param {string} code
   * @param {import('esbuild').BuildOptions} options
   */
  async function bundled(code, options) {
    const { outputFiles = [], metafile } = await build({
      stdin: { contents: code, resolveDir: folder },
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      logLevel: 'error',
      ...options,
    })
    const modules = Object.keys(metafile?.inputs ?? {}).map((name) => name.split('/').at(-1))
    return { text: outputFiles.map(({ text }) => text).join('\n'), modules }
  }

  test('for a server takes the text, so that its output is complete', async () => {
    const file = join(folder, 'server.mjs')
    const code = `${USE} import * as northbound from 'northbound'; tell(use(northbound))`
    const { text } = await bundled(code, { platform: 'node' })
    writeFileSync(file, text)
    assert.equal(await printed([file]), 'getAuthToken')
    const { text: common } = await bundled(code, { platform: 'node', format: 'cjs' })
    writeFileSync(file.replace('mjs', 'cjs'), common)
    assert.equal(await printed([file.replace('mjs', 'cjs')]), 'getAuthToken')
  })

  test('drops the token stores where they are not used', async () => {
    const uses =
      "import { init, NorthApiClient } from 'northbound'; console.log(init, NorthApiClient)"
    const without = await bundled(uses, { splitting: true, outdir: folder })
    assert.doesNotMatch(without.text, /indexedDB/)
    const all = await bundled(`${uses}; export { webTokenStore } from 'northbound'`, {
      splitting: true,
      outdir: folder,
    })
    assert.match(all.text, /indexedDB/)
  })

  test('drops an import of the browser entry that is not used, but never one that loads', async () => {
    const unused = await bundled("import 'northbound'; import { init } from 'northbound'", {})
    assert.ok(unused.text.length < 300, unused.text.slice(0, 300))
    const loads = await bundled("import 'northbound/inline'", {})
    assert.ok(loads.modules.includes('inline-wasm.js'))
    assert.ok(loads.text.length > 100_000)
  })
})
