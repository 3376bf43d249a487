// The example as a user runs it: a process of its own, the installed package, mutual TLS.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'

import { installPackage } from './support/package.js'
import { startSimulator } from './support/simulator.js'

const EXAMPLE = new URL('../../examples/refresh-device-key.mjs', import.meta.url)
const SECRET = 's+e/c=r&t%1'
const CODE = 'c0de-of-the-test'
const CREDENTIALS = { NORTHBOUND_APP_ID: 'app1', NORTHBOUND_SECRET: SECRET }

describe('refresh-device-key', () => {
  /** @type {Awaited<ReturnType<typeof startSimulator>>} */
  let sim
  let script = ''
  let folder = ''
  let devices = 0

  before(async () => {
    sim = await startSimulator({ args: [] })
    // Beside node_modules, so that its imports find the installed package.
    script = path.join(await installPackage(), `refresh-device-key-${process.pid}.mjs`)
    copyFileSync(EXAMPLE, script)
    folder = mkdtempSync(path.join(os.tmpdir(), 'northbound-example-'))
  })
  after(async () => {
    rmSync(script, { force: true })
    rmSync(folder, { recursive: true, force: true })
    await sim.stop()
  })

  /**
   * @param {string[]} args
   * @param {Record<string, string>} env
   */
  const start = (args, env) => {
    // Nothing of this process's own settings, which could name a proxy or an account.
    const child = spawn(process.execPath, [script, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (output.stdout += chunk))
    child.stderr.on('data', (chunk) => (output.stderr += chunk))
    const ended = once(child, 'close').then(([code]) => ({ code, ...output }))
    return { child, ended }
  }

  /**
   * Runs it to its end; whatever happens, no secret and no token may show.
   *
   * @param {string[]} args
   * @param {Record<string, string>} [env]
   */
  async function run(args, env = CREDENTIALS) {
    const result = await start(args, env).ended
    const shown = result.stdout + result.stderr
    for (const secret of [SECRET, encodeURIComponent(SECRET), CODE]) {
      if (secret === CODE && args.includes('--print-code')) continue
      assert.ok(!shown.includes(secret), `shows ${secret}:\n${shown}`)
    }
    assert.doesNotMatch(shown, /bearer|accessToken|refreshToken|BEGIN/i)
    return result
  }

  /** @param {string} name */
  const file = (name) => path.join(sim.certificates, name)
  const device = async (state = 'offline') => {
    const { deviceId } = await sim.control('POST', '/devices', { nodeId: `n-${++devices}`, state })
    return deviceId
  }
  /** @param {Record<string, string | undefined>} [more] */
  const tls = (more = {}) =>
    Object.entries({
      ca: file('ca.pem'),
      cert: file('client.pem'),
      key: file('client.key'),
      ...more,
    }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))
  /**
   * @param {string} deviceId
   * @param {Record<string, string | undefined>} [more]
   */
  const to = (deviceId, more) => ['--device-id', deviceId, '--base-url', sim.tls, ...tls(more)]
  const withCode = { ...CREDENTIALS, NORTHBOUND_VERIFY_CODE: CODE }

  test('prints its usage and the exit codes', async () => {
    const { code, stdout } = await run(['--help'], {})
    assert.equal(code, 0)
    assert.match(stdout, /--device-id ID/)
    assert.match(stdout, /Exit code: 0 done, 1 the platform refused/)
  })

  test('tells the life of a new code, not the code', async () => {
    const { code, stdout, stderr } = await run(
      [...to(await device()), '--timeout', '600'],
      withCode,
    )
    assert.equal(stderr, '')
    assert.equal(stdout, 'new code, good for 600 s\n')
    assert.equal(code, 0)
  })

  test('tells a code that lives for ever', async () => {
    const { stdout } = await run([...to(await device()), '--timeout', '0'], withCode)
    assert.equal(stdout, 'new code, good for ever\n')
  })

  test('takes host and port apart, and prints the code when it is asked to', async () => {
    const { hostname, port } = new URL(sim.tls)
    const address = ['--platform-ip', hostname, '--platform-port', port]
    const id = ['--device-id', await device()]
    const { code, stdout } = await run([...id, ...address, ...tls(), '--print-code'], withCode)
    assert.equal(code, 0)
    assert.equal(stdout, `new code, good for 180 s\n${CODE}\n`)
  })

  test('writes the code to a file of mode 0600 and replaces it only by --force', async () => {
    const out = path.join(folder, 'code.json')
    const deviceId = await device()
    const first = await run([...to(deviceId), '--out', out])
    assert.equal(first.code, 0)
    const written = JSON.parse(readFileSync(out, 'utf8'))
    assert.deepEqual(Object.keys(written).sort(), ['deviceId', 'timeout', 'verifyCode'])
    assert.equal(written.deviceId, deviceId)
    assert.ok(!first.stdout.includes(written.verifyCode))
    if (process.platform !== 'win32') assert.equal(statSync(out).mode & 0o777, 0o600)

    const second = await run([...to(deviceId), '--out', out])
    assert.equal(second.code, 2)
    assert.match(second.stderr, /exists \(see --force\)/)
    assert.deepEqual(JSON.parse(readFileSync(out, 'utf8')), written)

    assert.equal((await run([...to(deviceId), '--out', out, '--force'], withCode)).code, 0)
    assert.equal(JSON.parse(readFileSync(out, 'utf8')).verifyCode, CODE)
  })

  test('reads the credentials from a file, which the environment overrules', async () => {
    const lines = `# account\n\nexport NORTHBOUND_APP_ID=app1\nNORTHBOUND_SECRET="${SECRET}"\r\n`
    const env = path.join(folder, 'account.env')
    writeFileSync(env, `${lines}NORTHBOUND_VERIFY_CODE = ${CODE}\n`)
    const args = [...to(await device()), '--env-file', env]
    assert.equal((await run(args, {})).code, 0)
    assert.equal((await run(args, { NORTHBOUND_SECRET: 'wrong' })).code, 1)

    writeFileSync(env, `${lines}${SECRET}\n`)
    const { code, stderr } = await run(args, {})
    assert.equal(code, 2)
    assert.match(stderr, /line 5 is not NAME=VALUE/)
  })

  test('says what the platform refused, what it means and what to do', async () => {
    const out = path.join(folder, 'refused.json')
    const args = [...to(await device('online')), '--out', out]
    const { code, stdout, stderr } = await run(args, withCode)
    assert.equal(code, 1)
    assert.equal(stdout, '')
    assert.match(stderr, /meaning: \S.+\n +code: +100611 \(HTTP 400\)\n +remedy: +\S/)
    assert.ok(!existsSync(out))
  })

  test('says that the secret is wrong without showing it', async () => {
    const env = { ...withCode, NORTHBOUND_SECRET: 'wr0ng-s3cret' }
    const { code, stderr } = await run(to(await device()), env)
    assert.equal(code, 1)
    assert.match(stderr, /100208/)
    assert.doesNotMatch(stderr, /wr0ng-s3cret/)
  })

  describe('refuses with exit code 2', () => {
    /** @type {[string, () => string[], Record<string, string>, RegExp][]} */
    const cases = [
      ['no app ID', () => to('d'), { NORTHBOUND_SECRET: SECRET }, /NORTHBOUND_APP_ID .* not set/],
      ['no secret', () => to('d'), { NORTHBOUND_APP_ID: 'app1' }, /NORTHBOUND_SECRET is not set/],
      ['no device', () => ['--base-url', sim.tls], withCode, /--device-id is missing/],
      ['no address', () => ['--device-id', 'd'], withCode, /--base-url or --platform-ip/],
      ['two addresses', () => [...to('d'), '--platform-ip', 'h'], withCode, /either/],
      ['a code that goes nowhere', () => to('d'), CREDENTIALS, /--out or --print-code/],
      ['an unknown flag', () => [...to('d'), '--insecure'], withCode, /'--insecure'/],
      ['a secret flag', () => ['--secret', SECRET], withCode, /--secret is no flag: command lines/],
      [
        'a secret flag with =',
        () => [`--verify-code=${CODE}`],
        withCode,
        /--verify-code is no flag/,
      ],
      ['a stray argument', () => [...to('d'), SECRET], withCode, /argument that is no flag/],
      ['half seconds', () => [...to('d'), '--timeout', '1.5'], withCode, /no whole number/],
      ['too many', () => [...to('d'), '--timeout', '2147483648'], withCode, /input\.timeout/],
      ['a missing file', () => to('d', { ca: 'none.pem' }), withCode, /ENOENT.*none\.pem/],
      ['no key', () => to('d', { key: undefined }), withCode, /options\.key/],
      [
        'the wrong key',
        () => to('d', { key: file('foreign-client.key') }),
        withCode,
        /options\.key/,
      ],
      ['a folder that is not', () => [...to('d'), '--out', 'no/such'], withCode, /ENOENT/],
    ]
    for (const [what, args, env, says] of cases) {
      test(what, async () => {
        const { code, stdout, stderr } = await run(args(), env)
        assert.match(stderr, says)
        assert.equal(stdout, '')
        assert.equal(code, 2)
      })
    }
  })

  test('tells that the platform is signed by an unknown CA', async () => {
    const wrong = await run(to('d', { ca: file('foreign-client.pem') }), withCode)
    assert.equal(wrong.code, 3)
    assert.match(wrong.stderr, /remedy: .*--ca/)
    const none = await run(to('d', { ca: undefined }), withCode)
    assert.equal(none.code, 3)
    assert.match(none.stderr, /remedy: .*--ca/)
  })

  test('tells that the client certificate is missing or foreign', async () => {
    const foreign = { cert: file('foreign-client.pem'), key: file('foreign-client.key') }
    for (const more of [{ cert: undefined, key: undefined }, foreign]) {
      const { code, stderr } = await run(to('d', more), withCode)
      assert.equal(code, 3)
      assert.match(stderr, /client certificate/)
    }
  })

  /**
   * A server of one kind of answer, on plain http, which is allowed on loopback.
   *
   * @param {(socket: net.Socket) => void} [reply]
   */
  async function against(reply) {
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', () => reply?.(socket))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = /** @type {net.AddressInfo} */ (server.address())
    return { server, args: ['--device-id', 'd', '--base-url', `http://127.0.0.1:${port}`] }
  }

  test('tells that nothing listens there', async () => {
    const { server, args } = await against()
    await new Promise((resolve) => server.close(resolve))
    const { code, stderr } = await run(args, withCode)
    assert.equal(code, 3)
    assert.match(stderr, /ECONNREFUSED\n +remedy: +Nothing listens there/)
  })

  test("tells an answer that is none of the platform's", async () => {
    const page = '<html>proxy</html>'
    const { server, args } = await against((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${page.length}\r\n\r\n${page}`)
    })
    assert.equal((await run(args, withCode)).code, 4)
    server.close()
  })

  test('ends at Ctrl-C at once', { skip: process.platform === 'win32' }, async () => {
    /** @type {(socket: net.Socket) => void} */
    let asked = () => {}
    const request = new Promise((resolve) => (asked = resolve))
    const { server, args } = await against((socket) => asked(socket))
    const { child, ended } = start(args, withCode)
    await request
    const since = Date.now()
    child.kill('SIGINT')
    const { code, stderr } = await ended
    assert.equal(code, 130)
    assert.match(stderr, /^interrupted/)
    assert.ok(Date.now() - since < 2000)
    server.close()
  })
})
