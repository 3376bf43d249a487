// The second example as a user runs it: a process of its own, the installed package, the broker.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import mqtt from 'mqtt'

import { installPackage } from './support/package.js'
import { startSimulator } from './support/simulator.js'

const EXAMPLE = new URL('../../examples/register-device-credential.mjs', import.meta.url)
const MQTT = fileURLToPath(new URL('../../node_modules/mqtt/build/index.js', import.meta.url))
const INSTANCE = 'post-cn-simulator01'
const SECRET = 'simulatorSecretNotReal0001'
const ENV = {
  NORTHBOUND_ACCESS_KEY_ID: 'LTAI5tSIMULATORONLY0001',
  NORTHBOUND_ACCESS_KEY_SECRET: SECRET,
}
const STS = {
  NORTHBOUND_ACCESS_KEY_ID: 'STS.SIMULATORONLY0002',
  NORTHBOUND_ACCESS_KEY_SECRET: 'simulatorStsSecret0002',
  NORTHBOUND_SECURITY_TOKEN: 'CAISsimulator+token/with=special&chars==',
}

describe('register-device-credential', () => {
  /** @type {Awaited<ReturnType<typeof startSimulator>>} */
  let sim
  let script = ''
  let lonely = ''
  let folder = ''
  let devices = 0

  before(async () => {
    sim = await startSimulator()
    // Beside node_modules, so that its imports find the installed package.
    const home = installPackage()
    lonely = path.join(home, `without-mqtt-${process.pid}.mjs`)
    copyFileSync(EXAMPLE, lonely)
    // And one folder further in, where mqtt is found too.
    folder = mkdtempSync(path.join(home, 'with-mqtt-'))
    const installed = path.join(folder, 'node_modules/mqtt')
    mkdirSync(installed, { recursive: true })
    writeFileSync(path.join(installed, 'package.json'), '{ "main": "index.js" }\n')
    writeFileSync(
      path.join(installed, 'index.js'),
      `module.exports = require(${JSON.stringify(MQTT)})\n`,
    )
    script = path.join(folder, 'register-device-credential.mjs')
    copyFileSync(EXAMPLE, script)
  })
  after(async () => {
    await sim.stop()
  })

  /**
   * Runs it to its end; whatever happens, no secret may show, and the login only when asked for.
   *
   * @param {string[]} args
   * @param {Record<string, string>} [env]
   */
  async function run(args, env = ENV, file = script) {
    // Nothing of this process's own settings, which could name a proxy or an account.
    const child = spawn(process.execPath, [file, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    const [code] = await once(child, 'close')
    const secrets = [SECRET, STS.NORTHBOUND_ACCESS_KEY_SECRET, STS.NORTHBOUND_SECURITY_TOKEN]
    const { credentials } = await sim.control('GET', '/credentials')
    for (const { DeviceAccessKeySecret: secret, ClientId: clientId } of credentials) {
      secrets.push(secret)
      if (!args.includes('--print-login')) secrets.push(passwordOf(secret, clientId))
    }
    for (const secret of secrets) {
      for (const form of [secret, encodeURIComponent(secret)]) {
        assert.ok(!(stdout + stderr).includes(form), `shows ${secret}:\n${stdout}${stderr}`)
      }
    }
    return { code, stdout, stderr }
  }

  /** @param {string} secret @param {string} clientId */
  const passwordOf = (secret, clientId) =>
    createHmac('sha1', secret).update(clientId).digest('base64')
  /** @param {string} clientId */
  const loginOf = async (clientId) => {
    const { credentials } = await sim.control('GET', '/credentials')
    const found = credentials.find((/** @type {any} */ one) => one.ClientId === clientId)
    return {
      clientId,
      username: `DeviceCredential|${found.DeviceAccessKeyId}|${INSTANCE}`,
      password: passwordOf(found.DeviceAccessKeySecret, clientId),
    }
  }
  const fresh = () => `GID_example@@@device-${++devices}`
  const api = () => ['--endpoint', `${sim.http}/aliyun/`]
  const to = (clientId = fresh()) => [
    ...['--client-id', clientId, '--instance-id', INSTANCE],
    ...api(),
  ]

  test('prints its usage and the exit codes', async () => {
    const { code, stdout } = await run(['--help'], {})
    assert.equal(code, 0)
    assert.match(stdout, /--client-id ID/)
    assert.match(stdout, /Exit code: 0 done, 1 the platform or the broker refused/)
  })

  test('registers a device and prints its login when it is asked to', async () => {
    const clientId = fresh()
    const { code, stdout, stderr } = await run([...to(clientId), '--print-login'])
    const { username, password } = await loginOf(clientId)
    const login = `clientId: ${clientId}\nusername: ${username}\npassword: ${password}\n`
    assert.equal(stderr, '')
    assert.equal(stdout, `registered ${clientId}\n${login}`)
    assert.equal(code, 0)

    const read = await run([...to(clientId), '--get', '--print-login'], STS)
    assert.equal(read.stdout, `read ${clientId}\n${login}`)
    assert.deepEqual(
      (await sim.journal()).slice(-2).map((/** @type {any} */ call) => call.operation),
      ['registerDeviceCredential', 'getDeviceCredential'],
    )
  })

  test('writes the login to a file of mode 0600 and replaces it only by --force', async () => {
    const clientId = fresh()
    const out = path.join(folder, 'login.json')
    const first = await run([...to(clientId), '--out', out])
    assert.equal(first.stdout, `registered ${clientId}\n`)
    assert.deepEqual(JSON.parse(readFileSync(out, 'utf8')), await loginOf(clientId))
    if (process.platform !== 'win32') assert.equal(statSync(out).mode & 0o777, 0o600)

    const second = await run([...to(clientId), '--get', '--out', out])
    assert.equal(second.code, 2)
    assert.match(second.stderr, /exists \(see --force\)/)
    assert.equal((await run([...to(clientId), '--get', '--out', out, '--force'])).code, 0)
  })

  test('reads the keys from a file, which the environment overrules', async () => {
    const file = path.join(folder, 'account.env')
    const lines = Object.entries(STS).map(([name, value]) => `export ${name}="${value}"\r\n`)
    writeFileSync(file, `# account\n\n${lines.join('')}`)
    const args = [...to(), '--env-file', file, '--out', path.join(folder, 'from-file.json')]
    assert.equal((await run(args, {})).code, 0)
    const wrong = { NORTHBOUND_ACCESS_KEY_SECRET: 'wrong-s3cret' }
    const refused = await run([...args, '--get', '--force'], wrong)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /SignatureDoesNotMatch/)
    assert.doesNotMatch(refused.stderr, /wrong-s3cret/)

    writeFileSync(file, `${SECRET}\n`)
    const { code, stderr } = await run(args.slice(0, -2).concat('--print-login'), {})
    assert.equal(code, 2)
    assert.match(stderr, /line 1 is not NAME=VALUE/)
  })

  test('says what the platform refused, what it means and what to do', async () => {
    const clientId = fresh()
    await run([...to(clientId), '--print-login'])
    const { code, stdout, stderr } = await run([...to(clientId), '--print-login'])
    assert.equal(code, 1)
    assert.equal(stdout, '')
    assert.match(
      stderr,
      /meaning: \S.+\n +code: +DeviceCredentialExsit \(HTTP 400\)\n +remedy: +\S/,
    )
    assert.match(stderr, /--get reads it/)
    const missing = await run([...to(), '--get', '--print-login'])
    assert.equal(missing.code, 1)
    assert.match(missing.stderr, /DeviceCredentialNotFound/)
  })

  for (const scheme of /** @type {const} */ (['mqtt', 'ws'])) {
    test(`publishes a message over ${scheme}`, async () => {
      const address = scheme === 'ws' ? sim.mqttWs : `mqtt://${sim.mqtt}`
      const [listener, clientId, topic] = [fresh(), fresh(), `northbound/${scheme}`]
      await run([...to(listener), '--print-login'])
      const client = await mqtt.connectAsync(`mqtt://${sim.mqtt}`, {
        ...(await loginOf(listener)),
        protocolVersion: 4,
      })
      try {
        await client.subscribeAsync(topic)
        const message = new Promise((resolve) =>
          client.once('message', (on, payload) => resolve([on, String(payload)])),
        )
        const more = ['--connect', address, '--topic', topic, '--message', 'grüß Gott']
        const { code, stdout, stderr } = await run([...to(clientId), ...more])
        assert.equal(stderr, '')
        assert.equal(stdout, `registered ${clientId}\npublished to ${topic}\n`)
        assert.equal(code, 0)
        assert.deepEqual(await message, [topic, 'grüß Gott'])
      } finally {
        client.end(true)
      }
    })
  }

  test('says why the broker refuses', async () => {
    await sim.control('PATCH', '/settings', { duplicateClient: 'reject' })
    const clientId = fresh()
    await run([...to(clientId), '--print-login'])
    const login = { ...(await loginOf(clientId)), protocolVersion: /** @type {const} */ (4) }
    const client = await mqtt.connectAsync(`mqtt://${sim.mqtt}`, login)
    try {
      const more = ['--get', '--connect', `mqtt://${sim.mqtt}`, '--topic', 'northbound/x']
      const { code, stderr } = await run([...to(clientId), ...more])
      assert.equal(code, 1)
      assert.match(stderr, /the broker refused: \S.+\n +code: +CONNACK \d\n +remedy: +\S/)
    } finally {
      client.end(true)
      await sim.control('PATCH', '/settings', { duplicateClient: 'take-over' })
    }
  })

  test('tells that nothing listens there, and keeps the login', async () => {
    const server = net.createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = /** @type {net.AddressInfo} */ (server.address())
    await new Promise((resolve) => server.close(resolve))
    const out = path.join(folder, 'kept.json')
    const broker = ['--connect', `mqtt://127.0.0.1:${port}`, '--topic', 'northbound/x']
    const unheard = await run([...to(), '--out', out, ...broker])
    assert.equal(unheard.code, 3)
    assert.match(unheard.stderr, /ECONNREFUSED\n +remedy: +Nothing listens there/)
    assert.ok(existsSync(out))

    const api = ['--endpoint', `http://127.0.0.1:${port}`, '--print-login']
    const device = ['--client-id', fresh(), '--instance-id', INSTANCE]
    const lost = await run([...device, ...api])
    assert.equal(lost.code, 3)
    assert.match(lost.stderr, /ECONNREFUSED\n +remedy: +Nothing listens there/)
  })

  test('says what to install where mqtt is missing, before it registers', async () => {
    await sim.control('DELETE', '/journal')
    const broker = ['--connect', `mqtt://${sim.mqtt}`, '--topic', 'northbound/x']
    const { code, stderr } = await run([...to(), ...broker], ENV, lonely)
    assert.equal(code, 2)
    assert.match(stderr, /npm install mqtt/)
    assert.deepEqual(await sim.journal(), [])
  })

  describe('refuses with exit code 2', () => {
    const device = ['--client-id', 'GID_example@@@x', '--instance-id', INSTANCE]
    const broker = (/** @type {string} */ url) => [...to('GID_example@@@x'), '--connect', url]
    const { NORTHBOUND_ACCESS_KEY_ID: _, ...noId } = ENV
    const { NORTHBOUND_ACCESS_KEY_SECRET: __, ...noSecret } = ENV
    /** @type {[string, () => string[], Record<string, string>, RegExp][]} */
    const cases = [
      ['no key ID', () => [...to(), '--print-login'], noId, /ACCESS_KEY_ID .*not set/],
      ['no secret', () => [...to(), '--print-login'], noSecret, /ACCESS_KEY_SECRET is not set/],
      ['no client ID', () => [...api(), '--instance-id', 'i'], ENV, /--client-id is missing/],
      ['no instance', () => [...api(), '--client-id', 'c'], ENV, /--instance-id is missing/],
      ['no address', () => [...device, '--print-login'], ENV, /--region or --endpoint/],
      ['two addresses', () => [...to(), '--region', 'r'], ENV, /either --region or --endpoint/],
      ['a VPC of nowhere', () => [...to(), '--vpc'], ENV, /--vpc goes with --region/],
      ['a login that goes nowhere', () => to(), ENV, /--out, --print-login or --connect/],
      ['no topic', () => broker('mqtt://127.0.0.1'), ENV, /--connect and --topic/],
      ['no broker', () => [...to(), '--out', 'x', '--topic', 't'], ENV, /--connect and --topic/],
      [
        'a message to nobody',
        () => [...to(), '--out', 'x', '--message', 'm'],
        ENV,
        /--message goes with --connect/,
      ],
      [
        'no address of a broker',
        () => [...broker('http://127.0.0.1'), '--topic', 't'],
        ENV,
        /no address of a broker/,
      ],
      [
        'a broker in plain text',
        () => [...broker('mqtt://broker.example'), '--topic', 't'],
        ENV,
        /use mqtts: or wss:/,
      ],
      [
        'a broker with a user',
        () => [...broker(`mqtts://u:${SECRET}@broker.example`), '--topic', 't'],
        ENV,
        /takes no user name/,
      ],
      [
        'a client ID without group',
        () => [...to('device-1'), '--print-login'],
        ENV,
        /input\.clientId/,
      ],
      [
        'plain http to another machine',
        () => [...device, '--endpoint', 'http://platform.example', '--print-login'],
        ENV,
        /config\.endpoint/,
      ],
      ['a secret flag', () => ['--access-key-secret', SECRET], ENV, /is no flag: command lines/],
      ['a secret flag with =', () => [`--security-token=${SECRET}`], ENV, /is no flag/],
      ['an unknown flag', () => [...to(), '--insecure'], ENV, /'--insecure'/],
      ['a stray argument', () => [...to(), SECRET], ENV, /argument that is no flag/],
      ['a folder that is not', () => [...to(), '--out', 'no/such'], ENV, /ENOENT/],
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

  test('ends at Ctrl-C at once', { skip: process.platform === 'win32' }, async () => {
    /** @type {(value?: unknown) => void} */
    let asked = () => {}
    const request = new Promise((resolve) => (asked = resolve))
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', asked)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = /** @type {net.AddressInfo} */ (server.address())
    const device = ['--client-id', fresh(), '--instance-id', INSTANCE, '--print-login']
    const child = spawn(
      process.execPath,
      [script, ...device, '--endpoint', `http://127.0.0.1:${port}`],
      { env: { PATH: process.env.PATH, ...ENV }, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let stderr = ''
    child.stderr.on('data', (chunk) => (stderr += chunk))
    await request
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    assert.equal(code, 130)
    assert.match(stderr, /^interrupted/)
    server.close()
  })
})
