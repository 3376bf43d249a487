// The store in a file, from several processes, killed ones among them.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { runModule } from './support/child.js'
import { installPackage } from './support/package.js'
import { seeded } from './support/random.js'
import {
  aesGcm,
  importFile,
  importNode,
  importTesting,
  leaseOf,
  sharedToken,
  temporaryFolder,
} from './support/stores.js'

const { checkTokenStore } = await importTesting()
const { fileTokenStore } = await importNode()
const { lock } = await importFile('file-mutex.js')

const folder = temporaryFolder()
let files = 0
const newPath = () => join(folder, `token-${(files += 1)}.json`)
const modeOf = (/** @type {string} */ path) => fs.statSync(path).mode & 0o777
const budget = { calls: 5, perMs: 60_000, slackMs: 0 }

/**
 * Starts a module that says `ready` and is to be killed.
 * @param {string} source
 */
async function startChild(source) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: installPackage(),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const killed = () => child.kill('SIGKILL')
  process.once('exit', killed)
  child.once('exit', () => process.off('exit', killed))
  const lines = createInterface(child.stdout)
  await Promise.race([once(lines, 'line'), ended.then(() => Promise.reject(new Error('ended')))])
  return {
    child,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const mutexFile = () =>
  JSON.stringify(
    new URL('file:///' + join(installPackage(), 'node_modules/northbound/file-mutex.js')),
  )

describe('the conformance suite passes', { concurrency: true }, () => {
  test('stores of one file', () => {
    const path = newPath()
    return checkTokenStore(() => fileTokenStore(path), { separate: true })
  })

  test('stores of one file with sealing', () => {
    const [path, sealing] = [newPath(), aesGcm()]
    return checkTokenStore(() => fileTokenStore(path, { sealing }), { separate: true })
  })
})

describe('several processes', () => {
  test('that ask at once get one lease, and then its token', async () => {
    const path = newPath()
    const source = `
      import { fileTokenStore } from 'northbound/node'
      const store = fileTokenStore(${JSON.stringify(path)})
      for (;;) {
        const answer = await store.acquire('k', 'owner-' + process.pid, 20_000)
        if ('retryAfterMs' in answer) {
          await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs))
          continue
        }
        console.log(JSON.stringify(answer))
        if ('token' in answer) break
        await store.commit('k', 'owner-' + process.pid, ${JSON.stringify(sharedToken(1))})
        break
      }
    `
    const runs = await Promise.all(Array.from({ length: 8 }, () => runModule(source)))
    assert.deepEqual(
      runs.map(({ code, stderr }) => [code, stderr]),
      Array(8).fill([0, '']),
    )
    const answers = runs.map(({ stdout }) => JSON.parse(stdout))
    assert.equal(answers.filter((answer) => 'generation' in answer).length, 1)
    const tokens = answers.filter((answer) => 'token' in answer)
    assert.equal(tokens.length, 7)
    assert.ok(tokens.every(({ token }) => token.accessToken === 'secret-access-1'))
  })

  test('take no call more than the budget between them', async () => {
    const path = newPath()
    const source = `
      import { fileTokenStore } from 'northbound/node'
      const store = fileTokenStore(${JSON.stringify(path)})
      const budget = { calls: 50, perMs: 60_000, slackMs: 0 }
      const waits = await Promise.all(Array.from({ length: 25 }, () => store.take('k', budget)))
      console.log(waits.filter((wait) => wait === 0).length)
    `
    const runs = await Promise.all(Array.from({ length: 4 }, () => runModule(source)))
    const taken = runs.map(({ stdout, stderr }) => (assert.equal(stderr, ''), Number(stdout)))
    assert.equal(
      taken.reduce((sum, each) => sum + each, 0),
      50,
    )
  })

  test('that are killed at any moment leave a whole file that goes on at once', async () => {
    const path = newPath()
    const { next } = seeded(23)
    const filler = 'x'.repeat(20_000)
    const source = `
      import { fileTokenStore } from 'northbound/node'
      const store = fileTokenStore(${JSON.stringify(path)})
      console.log('ready')
      for (;;) {
        const answer = await store.acquire('killed', 'me', 5, 'x')
        if ('generation' in answer) {
          const token = { ...${JSON.stringify(sharedToken(1))}, scope: '${filler}', lifeMs: 1 }
          await store.commit('killed', 'me', { ...token, generation: answer.generation })
        }
        await store.take('killed', ${JSON.stringify(budget)})
      }
    `
    const store = fileTokenStore(path)
    await store.commit('kept', 'a', sharedToken(await leaseOf(store, 'kept')))
    for (let round = 0; round < 12; round += 1) {
      const running = await Promise.all([startChild(source), startChild(source)])
      await sleep(next() * 60)
      await Promise.all(running.map((each) => each.kill()))
      assert.equal(JSON.parse(fs.readFileSync(path, 'utf8')).version, 1)
      const started = performance.now()
      assert.equal((await store.read('kept'))?.generation, 1)
      await leaseOf(store, `round-${round}`)
      assert.ok(performance.now() - started < 1000)
      assert.equal(modeOf(path), 0o600)
    }
    const { records } = JSON.parse(fs.readFileSync(path, 'utf8'))
    assert.ok(records.killed.generation > 12, `${records.killed.generation}`)
  })

  test('are not kept alive by the store', async () => {
    const source = `
      import { fileTokenStore } from 'northbound/node'
      const store = fileTokenStore(${JSON.stringify(newPath())})
      await store.acquire('k', 'a', 60_000)
      const done = performance.now()
      process.on('exit', () => console.log(performance.now() - done))
    `
    const { code, stdout } = await runModule(source)
    assert.equal(code, 0)
    assert.ok(Number(stdout) < 500, stdout)
  })
})

describe('the mutex', { concurrency: true }, () => {
  for (const platform of /** @type {NodeJS.Platform[]} */ (['linux', 'darwin'])) {
    const how = platform === 'linux' ? 'a socket' : 'a lock file'
    if (platform === 'linux' && process.platform !== 'linux') continue

    for (const kind of ['processes', 'workers of node:cluster']) {
      test(`that is ${how} lets one in at a time, of ${kind}`, async () => {
        const path = newPath()
        const work = `
          const fs = await import('node:fs')
          const { lock } = await import(${mutexFile()})
          let entered = 0
          for (let round = 0; round < 40; round += 1) {
            const unlock = await lock('${path}', performance.now() + 20_000, '${platform}')
            fs.writeFileSync('${path}.inside', '', { flag: 'wx' })
            entered += 1
            fs.unlinkSync('${path}.inside')
            unlock()
          }
          console.log('entered ' + entered)
        `
        const alone = () => Array.from({ length: 3 }, () => runModule(work))
        const primary = `
          import cluster from 'node:cluster'
          import { writeFileSync } from 'node:fs'
          writeFileSync('${path}.mjs', ${JSON.stringify(work + 'process.exit()')})
          cluster.setupPrimary({ exec: '${path}.mjs', execArgv: [] })
          for (let index = 0; index < 3; index += 1) cluster.fork()
          cluster.on('exit', (_, code) => code && process.exit(code))
        `
        const runs = kind === 'processes' ? await Promise.all(alone()) : [await runModule(primary)]
        assert.deepEqual(
          runs.map(({ code, stderr }) => [code, stderr]),
          runs.map(() => [0, '']),
        )
        const text = runs.map(({ stdout }) => stdout).join('')
        assert.deepEqual(text.match(/entered \d+/g), Array(3).fill('entered 40'))
      })
    }

    test(`that is ${how} says when its time is over`, async () => {
      const path = newPath()
      const unlock = await lock(path, performance.now(), platform)
      const started = performance.now()
      assert.equal(await lock(path, started + 100, platform), undefined)
      assert.ok(performance.now() - started >= 99)
      unlock()
      const again = await lock(path, performance.now(), platform)
      assert.equal(typeof again, 'function')
      again()
    })
  }

  test('is free at once after its holder was killed', async () => {
    const path = newPath()
    const holder = await startChild(`
      const { lock } = await import(${mutexFile()})
      await lock('${path}', performance.now() + 1000)
      console.log('ready')
      setInterval(() => {}, 1000)
    `)
    assert.equal(await lock(path, performance.now()), undefined)
    await holder.kill()
    const started = performance.now()
    const unlock = await lock(path, started + 1000)
    assert.ok(unlock)
    assert.ok(performance.now() - started < 100)
    unlock()
  })

  test('that is a lock file is free 5 s after its holder was killed, and not before', async () => {
    const path = newPath()
    fs.writeFileSync(`${path}.lock`, 'killed')
    const aged = (/** @type {number} */ ms) => new Date(Date.now() - ms)
    fs.utimesSync(`${path}.lock`, aged(3000), aged(3000))
    assert.equal(await lock(path, performance.now() + 50, 'darwin'), undefined)
    fs.utimesSync(`${path}.lock`, aged(5001), aged(5001))
    const unlock = await lock(path, performance.now() + 500, 'darwin')
    assert.ok(unlock)
    unlock()
    const left = fs.readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}.`))
    assert.deepEqual(left, [])
  })

  test('that another one keeps makes a step reject after 2 s, and reading goes on', async () => {
    const path = newPath()
    const store = fileTokenStore(path)
    await store.commit('k', 'a', sharedToken(await leaseOf(store, 'k')))
    const unlock = await lock(fs.realpathSync(path), performance.now() + 1000)
    const started = performance.now()
    const steps = [store.acquire('k', 'b', 1000, 'secret-access-1'), store.release('k', 'b', 1)]
    assert.equal((await store.read('k'))?.generation, 1)
    for (const result of await Promise.allSettled(steps)) {
      assert.equal(result.status, 'rejected')
      assert.match(result.reason.message, /another process has held the lock of .*token-/)
      assert.ok(result.reason.message.includes(path))
      assert.equal(result.reason.retryable, undefined)
    }
    const waited = performance.now() - started
    assert.ok(waited >= 1999 && waited < 3000, `${waited}`)
    unlock()
    assert.equal(await leaseOf(store, 'k2'), 1)
  })
})

describe('the file', () => {
  test('is readable by its owner alone, also where it was there with a wider mode', async () => {
    const path = newPath()
    const store = fileTokenStore(path)
    await store.commit('k', 'a', sharedToken(await leaseOf(store, 'k')))
    await store.take?.('k', budget)
    assert.deepEqual([modeOf(path), modeOf(`${path}.calls`)], [0o600, 0o600])
    fs.chmodSync(path, 0o644)
    await store.read('k')
    assert.equal(modeOf(path), 0o600)
    fs.chmodSync(path, 0o666)
    await store.acquire('k', 'b', 1000, 'secret-access-1')
    assert.equal(modeOf(path), 0o600)
  })

  test('is refused where it belongs to another user, whatever it holds', async () => {
    // Only root may give a file away, and anybody else finds one of root's.
    const isRoot = process.geteuid?.() === 0
    const path = isRoot ? newPath() : '/etc/passwd'
    if (isRoot) {
      const theirs = fileTokenStore(path)
      await theirs.commit('k', 'a', sharedToken(await leaseOf(theirs, 'k')))
      fs.chownSync(path, 65534, 65534)
    }
    const before = fs.readFileSync(path)
    const store = fileTokenStore(path)
    const refused = { code: 'NOT_OWNER', retryable: false, message: /belongs to another user/ }
    await assert.rejects(store.read('k'), refused)
    await assert.rejects(store.acquire('k', 'b', 1000), refused)
    assert.deepEqual(fs.readFileSync(path), before)
  })

  test('with sealing holds no token, without it does', async () => {
    for (const sealing of [undefined, aesGcm()]) {
      const path = newPath()
      const store = fileTokenStore(path, { sealing })
      await store.commit('k', 'a', sharedToken(await leaseOf(store, 'k')))
      await store.take?.('k', budget)
      const names = fs.readdirSync(folder).filter((name) => name.startsWith(basename(path)))
      assert.deepEqual(names.sort(), [basename(path), `${basename(path)}.calls`])
      const texts = names.map((name) => fs.readFileSync(join(folder, name), 'latin1')).join('')
      assert.equal(texts.includes('secret-'), sealing === undefined)
      assert.equal((await store.read('k'))?.accessToken, 'secret-access-1')
    }
  })

  test('counts as empty where it is foreign or damaged, and is replaced', async () => {
    const record = { version: 1, generation: 5, token: 'no' }
    const contents = ['', '{', 'null', '[]', '"x"', '\0\x01\x02', 'PEM', '{"version":1}']
    contents.push(JSON.stringify({ version: 2, records: { k: {} } }))
    contents.push(JSON.stringify({ version: 1, records: null }))
    contents.push(JSON.stringify({ version: 1, records: { k: record } }))
    for (const content of contents) {
      const path = newPath()
      fs.writeFileSync(path, content)
      fs.writeFileSync(`${path}.calls`, content)
      const store = fileTokenStore(path)
      assert.equal(await store.read('k'), undefined, content)
      assert.equal(await leaseOf(store, 'k'), 1, content)
      assert.equal(await store.commit('k', 'a', sharedToken(1)), true, content)
      assert.equal((await fileTokenStore(path).read('k'))?.generation, 1, content)
      assert.equal(await store.take?.('k', budget), 0, content)
    }
  })

  test('keeps keys with any name', async () => {
    const path = newPath()
    const store = fileTokenStore(path)
    for (const key of ['__proto__', 'constructor', '', 'a"b\\']) {
      await store.commit(key, 'a', sharedToken(await leaseOf(store, key)))
      assert.equal((await fileTokenStore(path).read(key))?.generation, 1, key)
    }
  })

  test('is the same by all of its names, and a link stays a link', async () => {
    const path = newPath()
    fs.symlinkSync(path, `${path}.link`)
    const [direct, link] = [fileTokenStore(path), fileTokenStore(`${path}.link`)]
    await leaseOf(direct, 'k')
    const relative = fileTokenStore(join(dirname(path), '.', basename(path)))
    for (const other of [link, relative]) {
      assert.ok('retryAfterMs' in (await other.acquire('k', 'b', 1000)))
    }
    assert.equal(await link.take?.('k', { ...budget, calls: 1 }), 0)
    assert.ok(Number(await direct.take?.('k', { ...budget, calls: 1 })) > 0)
    assert.ok(fs.lstatSync(`${path}.link`).isSymbolicLink())
  })

  test('gets rid of what killed processes left beside it, and of nothing else', async () => {
    const path = newPath()
    const old = new Date(Date.now() - 61_000)
    const left = [`${path}.12-0123456789ab.tmp`, `${path}.calls.12-0123456789ab.tmp`]
    const others = [`${path}.99-0123456789ab.tmp`, `${path}.bak`, `${path}.old.tmp`]
    for (const file of [...left, ...others]) fs.writeFileSync(file, '')
    for (const file of [...left, ...others.slice(1)]) fs.utimesSync(file, old, old)
    const store = fileTokenStore(path)
    await leaseOf(store, 'k')
    await store.take?.('k', budget)
    assert.deepEqual(left.filter(fs.existsSync), [])
    assert.deepEqual(others.filter(fs.existsSync), others)
  })

  test('that cannot be there is told with its path and a remedy, and as lasting', async () => {
    const path = newPath()
    fs.writeFileSync(path, '')
    execFileSync('mkfifo', [`${path}.pipe`])
    for (const [where, message] of /** @type {[string, RegExp][]} */ ([
      [join(folder, 'missing/token'), /the folder .*missing does not exist; create it/],
      [folder, /is not a file; give the path of one/],
      [join(path, 'token'), /is not a folder; give another path/],
      [join(folder, 'x'.repeat(300)), /too long/],
      [`${path}.pipe`, /is not a file/],
      ['/dev/null', /is not a file/],
    ])) {
      const store = fileTokenStore(where)
      const steps = [() => store.read('k'), () => store.acquire('k', 'a', 1)]
      for (const step of steps) {
        await assert.rejects(step(), (/** @type {any} */ error) => {
          assert.match(error.message, message)
          assert.ok(error.message.includes(where) || error.message.includes(dirname(where)))
          return error.retryable === false
        })
      }
    }
  })
})
