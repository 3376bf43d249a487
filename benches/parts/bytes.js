// Bytes: what is downloaded, and what npm puts into node_modules/.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { build } from 'esbuild'

import { peersFolder } from '../peers/installed.js'
import { rowsOf } from '../rows.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a browser loads of the package; a bundler leaves the token stores out where they are not used. */
const FILES = ['northbound.wasm', 'northbound.js', 'browser.js']

/** What each peer's bundle begins with. */
const ENTRIES = {
  'by hand': { file: join(root, 'benches/peers/by-hand-entry.js') },
  SDK: { packages: ['@alicloud/openapi-core', '@darabonba/typescript'] },
  'pop-core (RPC)': { packages: ['@alicloud/pop-core'] },
  "Huawei's SDK core": { packages: ['@huaweicloud/huaweicloud-sdk-core'] },
}

export const DOWNLOAD = 'to download, gzip'

export async function run() {
  /** @type {Record<string, Buffer[]>} */
  const files = {
    northbound: FILES.map((name) => readFileSync(join(root, 'pkg', name))),
    'northbound, a page with one client': await page(),
  }
  for (const [who, entry] of Object.entries(ENTRIES)) files[who] = [await bundled(entry)]
  /** @param {(file: Buffer) => number} size */
  const sum = (size) =>
    Object.fromEntries(
      Object.entries(files).map(([who, list]) => [
        who,
        [list.reduce((total, file) => total + size(file), 0) / 1000],
      ]),
    )
  const installed = installs()
  /** @param {(found: { bytes: number, packages: number }) => number} of */
  const by = (of) => Object.fromEntries([...installed].map(([who, found]) => [who, [of(found)]]))
  return [
    ...rowsOf(
      'bytes',
      'to download',
      'kB',
      sum(({ length }) => length),
    ),
    ...rowsOf(
      'bytes',
      DOWNLOAD,
      'kB',
      sum((file) => gzipSync(file, { level: 9 }).length),
    ),
    ...rowsOf('bytes', 'to download, brotli', 'kB', sum(brotli)),
    ...rowsOf(
      'bytes',
      'in node_modules/',
      'kB',
      by(({ bytes }) => bytes / 1000),
    ),
    ...rowsOf(
      'bytes',
      'packages in node_modules/',
      'packages',
      by(({ packages }) => packages),
    ),
  ]
}

/** @param {Buffer} file */
const brotli = (file) =>
  brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

/**
 * What esbuild leaves of the package for a page with a client of ApsaraMQ: its script and the wasm. What a page loads
 * only where it cannot load the wasm is a file of its own.
 */
async function page() {
  const contents = "export { init, OnsMqttClient } from './browser.js'"
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, 'pkg') },
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    outdir: 'out',
    write: false,
    logLevel: 'error',
  })
  const scripts = new Map(
    outputFiles.map(({ path, contents: bytes }) => [basename(path), Buffer.from(bytes)]),
  )
  return [...loaded(scripts, 'stdin.js'), readFileSync(join(root, 'pkg/northbound.wasm'))]
}

/**
 * A script and those that it imports at once.
 * @param {Map<string, Buffer>} scripts
 * @param {string} name
 * @returns {Buffer[]}
 */
function loaded(scripts, name) {
  const script = scripts.get(name)
  if (script === undefined) return []
  scripts.delete(name)
  const imports = script.toString().matchAll(/(?:\bfrom|\bimport)"\.\/([^"]+)"/g)
  return [script, ...[...imports].flatMap(([, other = '']) => loaded(scripts, other))]
}

/** @param {{ file?: string, packages?: string[] }} entry */
async function bundled({ file, packages = [] }) {
  const contents = packages.map((name) => `export * from ${JSON.stringify(name)}`).join('\n')
  const { outputFiles } = await build({
    ...(file ? { entryPoints: [file] } : { stdin: { contents, resolveDir: peersFolder() } }),
    bundle: true,
    minify: true,
    platform: 'node',
    write: false,
    logLevel: 'error',
  })
  return Buffer.from(/** @type {any} */ (outputFiles[0]).contents)
}

/** Each package with all that it brings along, by the lock file. */
function installs() {
  const lock = JSON.parse(readFileSync(join(peersFolder(), 'package-lock.json'), 'utf8')).packages
  /** @param {string} name */
  const whole = (name) => {
    const folders = closure(lock, `node_modules/${name}`)
    const bytes = [...folders].reduce((sum, folder) => sum + ownBytes(folder), 0)
    return { bytes, packages: folders.size }
  }
  return new Map([
    ['northbound', { bytes: folderBytes(join(root, 'pkg')), packages: 1 }],
    ['SDK', whole('@alicloud/openapi-core')],
    ['pop-core (RPC)', whole('@alicloud/pop-core')],
    ["Huawei's SDK core", whole('@huaweicloud/huaweicloud-sdk-core')],
  ])
}

/**
 * The folders of a package and of all that it needs, found as Node looks for them.
 * @param {Record<string, { dependencies?: object, optionalDependencies?: object }>} lock
 * @param {string} folder
 * @param {Set<string>} [seen]
 */
function closure(lock, folder, seen = new Set()) {
  if (seen.has(folder)) return seen
  seen.add(folder)
  const { dependencies, optionalDependencies } = lock[folder] ?? {}
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    for (let from = folder; ; from = from.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
      const found = `${from}${from === '' ? '' : '/'}node_modules/${name}`
      if (lock[found]) {
        closure(lock, found, seen)
        break
      }
      if (from === '') break
    }
  }
  return seen
}

/** @param {string} folder of the lock file; what it has in a node_modules/ of its own counts for itself */
const ownBytes = (folder) => folderBytes(join(peersFolder(), folder))

/** @param {string} folder @returns {number} */
function folderBytes(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? folderBytes(path) : statSync(path).size
    })
    .reduce((sum, bytes) => sum + bytes, 0)
}
