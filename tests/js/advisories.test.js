// What scripts/check-advisories makes of what it is told: what it refuses, what it only tells, and that silence
// is no good news. Nobody is asked: npm and cargo-deny are played here.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'

import { root } from './support/simulator.js'

const folder = mkdtempSync(path.join(tmpdir(), 'northbound-advisories-'))
after(() => rmSync(folder, { recursive: true }))

const DENY = execFileSync('bash', ['-c', '. scripts/lib/toolchain.sh && cargo_deny_dir'], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, XDG_CACHE_HOME: folder },
}).trim()

/** @param {string} file @param {string} body of a script of bash */
function program(file, body) {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `#!/usr/bin/env bash\n${body}\n`, { mode: 0o755 })
}

/** @param {Record<string, string>} severities by name */
const audit = (severities) => {
  const entries = Object.entries(severities).map(([name, severity]) => [
    name,
    { name, severity, range: '<2.0.0' },
  ])
  return JSON.stringify({ vulnerabilities: Object.fromEntries(entries) })
}

/**
 * Runs it where npm and cargo-deny say this.
 * @param {{ npm?: Record<string, string>, fetch?: number, crates?: number }} told npm: by the end of the folder
 */
function check({ npm = {}, fetch = 0, crates = 0 }) {
  const cases = Object.entries(npm).map(([end, said]) => `*/${end}) echo '${said}'; exit 1 ;;`)
  program(
    path.join(folder, 'bin/npm'),
    `case $PWD in ${cases.join('\n')} *) echo '${audit({})}' ;; esac`,
  )
  const asked = path.join(folder, 'asked')
  rmSync(asked, { force: true })
  program(
    path.join(DENY, 'bin/cargo-deny'),
    `echo "$*" >>'${asked}'; case "$*" in *fetch*) exit ${fetch} ;; *) exit ${crates} ;; esac`,
  )
  const env = {
    ...process.env,
    XDG_CACHE_HOME: folder,
    PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
  }
  const ran = spawnSync('scripts/check-advisories', { cwd: root, encoding: 'utf8', env })
  return { status: ran.status, said: ran.stdout + ran.stderr, asked: readFileSync(asked, 'utf8') }
}

const HERE = path.basename(root)

test('without cargo-deny it says how to get it', () => {
  const env = { ...process.env, XDG_CACHE_HOME: path.join(folder, 'empty') }
  const ran = spawnSync('scripts/check-advisories', { cwd: root, encoding: 'utf8', env })
  assert.equal(ran.status, 2)
  assert.match(ran.stderr, /cargo-deny is missing; run scripts\/setup release/)
})

test('all lock files are asked about, and nothing found is a success', () => {
  const { status, said, asked } = check({})
  assert.equal(status, 0, said)
  for (const lock of ['./', 'benches/', 'tests/tarball/', 'tests/js/types/matrix/'])
    assert.ok(said.includes(`packages of ${lock}package-lock.json: 0 with advisories`), said)
  assert.match(asked, /--config \.\/deny\.toml check advisories/)
  assert.match(asked, /--config tests\/simulator\/deny\.toml check advisories/)
  assert.match(asked, /--config fuzz\/deny\.toml check advisories/)
})

test('an advisory on a crate is refused', () => {
  assert.equal(check({ crates: 1 }).status, 1)
})

test('of what builds, tests or makes up the console, high and critical ones are refused and named', () => {
  for (const severity of ['high', 'critical']) {
    const { status, said } = check({ npm: { [HERE]: audit({ vite: severity, preact: 'low' }) } })
    assert.equal(status, 1)
    assert.ok(said.includes(`  ${severity}: vite <2.0.0\n  low: preact <2.0.0`), said)
  }
  assert.equal(check({ npm: { [HERE]: audit({ vite: 'moderate' }) } }).status, 0)
})

test('of what the package is tried in they are told alone', () => {
  const { status, said } = check({ npm: { 'tests/tarball': audit({ webpack: 'critical' }) } })
  assert.equal(status, 0)
  assert.match(said, /1 with advisories, 1 of them high or critical\n {2}critical: webpack/)
})

test('where nobody answers it says so, and is no success', () => {
  const refused = JSON.stringify({ message: '405 Method Not Allowed', error: {} })
  for (const told of [{ npm: { [HERE]: refused } }, { npm: { [HERE]: '' } }, { fetch: 1 }]) {
    const { status, said } = check(told)
    assert.equal(status, 2)
    assert.match(said, /could not be (asked|fetched)/)
    assert.match(said, /this says nothing about them/)
  }
  const both = check({ fetch: 1, npm: { [HERE]: audit({ vite: 'high' }) } })
  assert.equal(both.status, 1, 'what is found counts all the same')
})
