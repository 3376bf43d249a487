// Nothing that ships makes code of a text: a policy without 'unsafe-eval', and a runtime that forbids it, lose
// nothing. And nothing that ships imports what is not named here.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

import { installPackage } from './support/package.js'
import { root } from './support/simulator.js'

/** What runs a text: by its name, by way of any function's constructor, or late. */
const EVALUATES =
  /(?<![.\w$])eval\s*\(|\bnew\s+Function\b|(?<![\w$.])Function\s*\(|\.constructor\s*\(\s*['"`]|\bset(?:Timeout|Interval)\s*\(\s*['"`]|\bimport\s*\(\s*['"`]data:/

/** @param {string} code */
const evaluates = (code) => EVALUATES.exec(code)?.[0]

/** @param {string} folder */
const scriptsIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?js$/.test(name))
    .map((name) => /** @type {const} */ ([name, readFileSync(path.join(folder, name), 'utf8')]))

const PACKAGE = scriptsIn(path.join(installPackage(), 'node_modules/northbound'))
const CONSOLE = scriptsIn(path.join(root, 'www/dist'))

test('no script of the package or of the console evaluates a text', () => {
  assert.ok(PACKAGE.length > 20 && CONSOLE.length > 0)
  for (const [name, code] of [...PACKAGE, ...CONSOLE])
    assert.equal(evaluates(code), undefined, name)
})

test('the search finds what evaluates, and not what merely reads like it', () => {
  for (const code of [
    'eval(x)',
    'a=(0,eval)("1")||eval ("2")',
    'new Function("a","return a")',
    'let f=Function("return this")()',
    '[].at.constructor("return 1")()',
    "setTimeout('alert(1)',5)",
    'await import("data:text/javascript,1")',
  ]) {
    assert.ok(evaluates(code), code)
  }
  for (const code of [
    'client.eval(script, keys)',
    'typeof x === "function"',
    'isFunction(x)',
    'this.constructor(x)',
    'setTimeout(() => 1, 5)',
    "import('./a.js')",
  ]) {
    assert.equal(evaluates(code), undefined, code)
  }
})

test('the package imports its own files and these modules of Node, no other', () => {
  const found = new Set()
  for (const [, code] of PACKAGE) {
    // Without comments: types are imported in them.
    const alone = code.replace(/\/\*[^]*?\*\//g, '')
    const imports = alone.matchAll(/\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g)
    for (const [, from, loaded] of imports) found.add(from ?? loaded)
  }
  const foreign = [...found].filter((name) => !/^\.\/[\w-]+\.(js|wasm(\?module)?)$/.test(name))
  assert.deepEqual(foreign.sort(), [
    'node:crypto',
    'node:diagnostics_channel',
    'node:fs',
    'node:http',
    'node:https',
    'node:net',
    'node:path',
    'node:stream',
    'node:timers/promises',
    'node:tls',
    'node:zlib',
  ])
})

test('the package has no dependencies and no script that npm would run', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'pkg/package.json'), 'utf8'))
  const { peerDependencies, peerDependenciesMeta, ...rest } = manifest
  // A user's own client of Redis, which no install brings along.
  const optional = Object.keys(peerDependencies).filter(
    (name) => peerDependenciesMeta[name].optional,
  )
  assert.deepEqual(optional, ['ioredis', 'redis'])
  assert.deepEqual(Object.keys(peerDependencies), optional)
  const kinds = Object.keys(rest).filter((name) => /dependenc|^scripts$|^bin$|^bundle/i.test(name))
  assert.deepEqual(kinds, [])
  assert.deepEqual(readdirSync(path.join(installPackage(), 'node_modules')).filter(isPackage), [
    'northbound',
  ])
})

/** @param {string} name */
const isPackage = (name) => !name.startsWith('.')

/** A login, calls of both platforms over a socket, stores, errors, logins of MQTT. */
const CALLS = `
  import http from 'node:http'
  const server = http.createServer((request, response) => {
    const { url } = request
    const answer = url.endsWith('/login')
      ? { scope: 'default', tokenType: 'bearer', expiresIn: 3600, accessToken: 'a', refreshToken: 'r' }
      : url.includes('deviceCredentials') ? { verifyCode: 'code-1', timeout: 5 } : { RequestId: 'R', Token: 't' }
    request.resume().on('end', () => response.end(JSON.stringify(answer)))
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  const baseUrl = 'http://127.0.0.1:' + server.address().port
  const given = [{ appId: 'a', secret: 's', baseUrl }, { tokenStore: memoryTokenStore() }]
  const client = new NorthApiClient(...given)
  const { verifyCode } = await client.refreshDeviceKey({ deviceId: 'd' })
  const credentials = { accessKeyId: 'i', accessKeySecret: 'k' }
  const mqtt = new OnsMqttClient({ endpoint: baseUrl, credentials })
  const { requestId } = await mqtt.revokeToken({ instanceId: 'i', token: 't' })
  const login = mqttSignatureLogin({ clientId: 'GID_a@@@b', instanceId: 'i', ...credentials })
  const refused = await client.refreshDeviceKey({ deviceId: '' }).catch((error) => error.kind)
  console.log(verifyCode, requestId, login.password.length, refused, errorCatalogue().length > 9)
  client.free()
  server.close()
  server.closeAllConnections()
`

/** @param {string} entry @param {string} [planted] */
function withoutEval(entry, planted = '') {
  const names =
    'NorthApiClient, OnsMqttClient, errorCatalogue, memoryTokenStore, mqttSignatureLogin'
  const code = `import { ${names} } from '${entry}'\n${planted}\n${CALLS}`
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', code]
  return spawnSync(process.execPath, flags, { cwd: installPackage(), encoding: 'utf8' })
}

for (const entry of ['northbound', 'northbound/inline']) {
  test(`where no text may become code it works whole: ${entry}`, () => {
    const { status, stdout, stderr } = withoutEval(entry)
    assert.equal(stdout, 'code-1 R 28 invalid-argument true\n', stderr)
    assert.equal(status, 0)
  })
}

test('what would evaluate a text fails there', () => {
  for (const planted of ['eval("1")', 'new Function("return 1")()']) {
    const { status, stderr } = withoutEval('northbound', planted)
    assert.equal(status, 1)
    assert.match(stderr, /EvalError: Code generation from strings disallowed/)
  }
})
