// Turns the graph of crates into a CycloneDX bill of materials.
// Run: cargo metadata … | node scripts/lib/sbom.mjs; scripts/sbom does.
// Writes to standard output.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/**
 * The parts of `cargo metadata` that are read here.
 * @typedef {{ id: string, name: string, version: string, license: string | null,
 *   description: string | null, source: string | null, targets: { kind: string[] }[] }} Crate
 * @typedef {{ pkg: string, dep_kinds: { kind: string | null }[] }} Edge
 * @typedef {{ packages: Crate[], resolve: { root: string, nodes: { id: string, deps: Edge[] }[] } }} Metadata
 */

/** @type {Metadata} */
const metadata = JSON.parse(readFileSync(0, 'utf8'))
const crates = new Map(metadata.packages.map((crate) => [crate.id, crate]))
const edges = new Map(metadata.resolve.nodes.map(({ id, deps }) => [id, deps]))
const checksums = readChecksums(readFileSync('Cargo.lock', 'utf8'))
const { root } = metadata.resolve

const shipped = reach(root, isShipped)
const used = reach(root, ({ dep_kinds }) => dep_kinds.some(({ kind }) => kind !== 'dev'))
const order = [...used].filter((id) => id !== root).sort((a, b) => compare(nameOf(a), nameOf(b)))
const bill = {
  metadata: { component: describeRoot() },
  components: order.map(describe),
  dependencies: [root, ...order].map((id) => ({
    ref: nameOf(id),
    dependsOn: [...new Set(neighbours(id).map(nameOf))].sort(compare),
  })),
}
// Neither a clock nor dice: who builds it again can compare.
const digest = createHash('sha256').update(JSON.stringify(bill)).digest('hex')
const head = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: serial(digest),
  version: 1,
}
console.log(JSON.stringify({ ...head, ...bill }, null, 2))

/**
 * Everything that edges lead to, the start included.
 * @param {string} start
 * @param {(edge: Edge) => boolean} follow
 */
function reach(start, follow) {
  const found = new Set([start])
  for (const id of found) {
    for (const edge of edges.get(id) ?? []) if (follow(edge)) found.add(edge.pkg)
  }
  return found
}

/** Whether an edge carries code into the package: macros run at the build and stay behind. @param {Edge} edge */
function isShipped({ pkg, dep_kinds }) {
  const isMacro = crateOf(pkg).targets.some(({ kind }) => kind.includes('proc-macro'))
  return !isMacro && dep_kinds.some(({ kind }) => kind === null)
}

/** @param {string} id */
function neighbours(id) {
  return (edges.get(id) ?? []).map(({ pkg }) => pkg).filter((pkg) => used.has(pkg))
}

function describeRoot() {
  const { name, version, license } = crateOf(root)
  const purl = `pkg:npm/${name}@${version}`
  return { type: 'library', 'bom-ref': nameOf(root), name, version, ...licences(license), purl }
}

/** @param {string} id */
function describe(id) {
  const { name, version, license, description } = crateOf(id)
  const content = checksums.get(`${name} ${version}`)
  if (!license) throw new Error(`${name} ${version} states no licence`)
  if (!content) throw new Error(`Cargo.lock has no checksum of ${name} ${version}`)
  return {
    type: 'library',
    'bom-ref': nameOf(id),
    name,
    version,
    ...(description && { description: description.trim().replaceAll(/\s+/g, ' ') }),
    scope: shipped.has(id) ? 'required' : 'excluded',
    hashes: [{ alg: 'SHA-256', content }],
    ...licences(license),
    purl: `pkg:cargo/${name}@${version}`,
  }
}

/** Crates of old wrote `MIT/Apache-2.0`. @param {string | null} license */
function licences(license) {
  return { licenses: [{ expression: (license ?? '').replaceAll('/', ' OR ') }] }
}

/** @param {string} id */
function nameOf(id) {
  const { name, version } = crateOf(id)
  return `${name}@${version}`
}

/** @param {string} id */
function crateOf(id) {
  const crate = crates.get(id)
  if (!crate) throw new Error(`cargo metadata does not describe ${id}`)
  return crate
}

/** By name and version. @param {string} lock */
function readChecksums(lock) {
  const blocks = lock.split('[[package]]').map((block) => {
    const value = (/** @type {string} */ key) =>
      new RegExp(`^${key} = "(.*)"$`, 'm').exec(block)?.[1] ?? ''
    return /** @type {const} */ ([`${value('name')} ${value('version')}`, value('checksum')])
  })
  return new Map(blocks)
}

/** A UUID of version 8, made of a digest. @param {string} hex */
function serial(hex) {
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return a < b ? -1 : Number(a > b)
}
