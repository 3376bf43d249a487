// What a release needs: the checks that build nothing, the bill of materials, and the workflow that publishes.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, before, beforeEach, describe, test } from 'node:test'

import { root } from './support/simulator.js'

const FILES = [
  ...['Cargo.toml', 'Cargo.lock', 'tests/simulator/Cargo.toml', 'fuzz/Cargo.lock'],
  ...['CHANGELOG.md', '.gitignore'],
  ...['package.json', 'package-lock.json', 'pkg-template/package.json'],
  ...['scripts/release-check', 'scripts/lib/step.sh', 'scripts/lib/toolchain.sh'],
]

describe('release-check', () => {
  let folder = ''
  /** @param {string[]} args */
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
      cwd: folder,
      stdio: 'pipe',
    })
  /** @param {string} file @param {(text: string) => string} change */
  const edit = (file, change) => {
    const text = readFileSync(join(folder, file), 'utf8')
    assert.notEqual(change(text), text, `${file} has changed its form`)
    writeFileSync(join(folder, file), change(text))
  }
  const commit = () => git('commit', '--quiet', '--all', '--message', 'change')
  /** @param {string[]} args */
  const check = (...args) => {
    const { status, stdout, stderr } = spawnSync('scripts/release-check', ['--quick', ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
    return { status, said: stdout + stderr }
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'northbound-release-'))
    for (const file of FILES) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      cpSync(join(root, file), join(folder, file))
    }
    git('init', '--quiet')
    git('add', '.')
    commit()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('finds nothing in this repository’s version, changelog and lock files', () => {
    const { status, said } = check()
    assert.equal(status, 0, said)
    assert.match(said, /ok: the version stands in one place/)
    assert.match(said, /^\.\/package-lock\.json$/m)
  })

  test('wants a date in the changelog for a tag', () => {
    const tag = `v${versionOf(folder)}`
    edit('CHANGELOG.md', (text) => text.replace(/^(## [\d.]+).*$/m, '$1 - some day'))
    commit()
    assert.match(check('--tag', tag).said, /has no date/)
    edit('CHANGELOG.md', (text) => text.replace(' - some day', ' - 2026-11-30'))
    commit()
    const { status, said } = check('--tag', tag)
    assert.equal(status, 0, said)
  })

  /** @type {[string, (text: string) => string, string, RegExp][]} */
  const refusals = [
    [
      'a version without its section in the changelog',
      (text) => text.replace(/^## [\d.]+/m, '## 9.9.9'),
      'CHANGELOG.md',
      /no section for/,
    ],
    [
      'a section that says nothing',
      (text) => text.replace(/^(## .*)$[^]*/m, '$1\n'),
      'CHANGELOG.md',
      /says nothing/,
    ],
    [
      'a version in a second place',
      (text) => text.replace('version.workspace = true', 'version = "9.9.9"'),
      'tests/simulator/Cargo.toml',
      /has a version of its own/,
    ],
    [
      'a version in the template of the package',
      (text) => text.replace('"version": "0.0.0"', '"version": "9.9.9"'),
      'pkg-template/package.json',
      /has version 9\.9\.9/,
    ],
    [
      'a lock file of another version',
      (text) => text.replace(/(name = "northbound"\nversion = )".*"/, '$1"9.9.9"'),
      'Cargo.lock',
      /Cargo\.lock has version 9\.9\.9/,
    ],
    [
      'a lock file that names a registry',
      (text) => text.replace('"version": ', '"resolved": "x", "version": '),
      'package-lock.json',
      /names the addresses of a registry/,
    ],
  ]
  for (const [what, change, file, says] of refusals) {
    test(`refuses ${what}`, () => {
      edit(file, change)
      commit()
      const { status, said } = check()
      assert.equal(status, 1, said)
      assert.match(said, says)
    })
  }

  test('refuses a tag of another version, a missing lock file and a change without a commit', () => {
    assert.match(check('--tag', 'v9.9.9').said, /the tag is v9\.9\.9/)
    edit('CHANGELOG.md', (text) => `${text}- one more\n`)
    assert.match(check().said, /changes that no commit has/)
    git('rm', '--quiet', 'package-lock.json')
    commit()
    const { status, said } = check()
    assert.equal(status, 1)
    assert.match(said, /package-lock\.json is not in the repository/)
  })
})

describe('the bill of materials', () => {
  /** @type {any} */
  let bill
  let text = ''
  before(() => {
    const options = /** @type {const} */ ({ cwd: root, encoding: 'utf8', maxBuffer: 1e8 })
    text = execFileSync('scripts/sbom', options)
    bill = JSON.parse(text)
  })

  test('is CycloneDX of the package in its version', () => {
    assert.deepEqual([bill.bomFormat, bill.specVersion], ['CycloneDX', '1.6'])
    assert.match(bill.serialNumber, /^urn:uuid:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    assert.equal(bill.metadata.component.purl, `pkg:npm/northbound@${versionOf(root)}`)
  })

  test('has every crate with its licence and the checksum of Cargo.lock', () => {
    const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8')
    assert.ok(bill.components.length > 20)
    for (const { name, version, hashes, licenses, purl } of bill.components) {
      assert.equal(purl, `pkg:cargo/${name}@${version}`)
      assert.match(licenses[0].expression, /MIT|Apache-2\.0/)
      assert.match(hashes[0].content, /^[\da-f]{64}$/)
      assert.ok(lock.includes(hashes[0].content), name)
    }
  })

  test('has what is in the package, marks what only builds it, and leaves out what tests it', () => {
    const scopes = Object.fromEntries(
      bill.components.map((/** @type {any} */ { name, scope }) => [name, scope]),
    )
    assert.equal(scopes['wasm-bindgen'], 'required')
    assert.equal(scopes['sha2'], 'required')
    assert.equal(scopes['wasm-bindgen-macro'], 'excluded')
    for (const name of [
      'proptest',
      'serde_json',
      'wasm-bindgen-test',
      'axum',
      'northbound-simulator',
    ])
      assert.equal(scopes[name], undefined, name)
  })

  test('has a graph whose ends are all there, and no path of this machine', () => {
    const refs = new Set(bill.components.map((/** @type {any} */ one) => one['bom-ref']))
    refs.add(bill.metadata.component['bom-ref'])
    assert.equal(refs.size, bill.components.length + 1)
    assert.deepEqual(new Set(bill.dependencies.map((/** @type {any} */ { ref }) => ref)), refs)
    for (const { dependsOn } of bill.dependencies)
      for (const ref of dependsOn) assert.ok(refs.has(ref), ref)
    for (const part of [root, 'registry+', 'path+file']) assert.ok(!text.includes(part), part)
  })
})

describe('the workflow that publishes', () => {
  const workflow = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8')

  test('runs for tags alone, with an identity and no token', () => {
    assert.match(workflow, /^on:\n  push:\n    tags: \['v\*'\]\n\n/m)
    assert.match(workflow, /id-token: write/)
    assert.doesNotMatch(workflow, /secrets\.|NODE_AUTH_TOKEN|contents: write/)
  })

  test('tests and checks before it publishes with provenance', () => {
    const steps = ['make test-all', 'scripts/release-check --tag', 'npm publish --provenance']
    const places = steps.map((step) => workflow.indexOf(step))
    assert.ok(places.every((place) => place > 0))
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    )
  })

  test('asks for known vulnerabilities of what is tagged, and every week', () => {
    const script = readFileSync(join(root, 'scripts/release-check'), 'utf8')
    assert.match(script, /if \[ -n "\$tag" \]; then\n +step "[^"]+" scripts\/check-advisories/)
    const weekly = readFileSync(join(root, '.github/workflows/advisories.yml'), 'utf8')
    assert.match(weekly, /cron: [^]*run: make advisories\n$/)
  })

  test('names no registry', () => {
    assert.doesNotMatch(workflow, /registry/)
    assert.doesNotMatch(workflow, /https?:/)
  })
})

/** @param {string} folder */
function versionOf(folder) {
  const [, version] =
    /^version = "(.*)"/m.exec(readFileSync(join(folder, 'Cargo.toml'), 'utf8')) ?? []
  return version
}
