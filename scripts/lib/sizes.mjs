// Tells what a browser downloads, refuses more than scripts/size-budget.json allows, and says which crates the wasm
// is made of.
// Run: node scripts/lib/sizes.mjs NAMED_WASM TOOLCHAIN [--shares]; scripts/pkg does.
// Writes nothing. Exits 1 above the budget if TOOLCHAIN is the one that the budget was measured with.

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const [named = '', toolchain = '', ...flags] = process.argv.slice(2)
const budget = JSON.parse(readFileSync('scripts/size-budget.json', 'utf8'))
const total = printSizes(['northbound.wasm', 'northbound.js', 'browser.js'])
console.log(
  `  ${'budget'.padEnd(22)}${kilo(budget.gzipBytes)} gzip, goal ${kilo(budget.goalGzipBytes).trim()}`,
)
if (flags.includes('--shares')) printShares(readFileSync(named))

if (total > budget.gzipBytes) {
  console.error(`${total} bytes are over the budget of ${budget.gzipBytes} (${budget.what}).`)
  console.error(`Here: ${toolchain}. The budget was set with: ${budget.measuredWith}.`)
  // rustup's standard library was compiled for speed and with panics that unwind: a fifth more.
  if (toolchain.endsWith('its own std')) process.exit(1)
}

/** @param {string[]} files */
function printSizes(files) {
  let gzip = 0
  for (const file of files) {
    const bytes = readFileSync(`pkg/${file}`)
    const packed = gzipSync(bytes, { level: 9 }).length
    console.log(row(file, bytes.length, packed))
    gzip += packed
  }
  console.log(`  ${'all'.padEnd(22)}${kilo(gzip)} gzip`)
  return gzip
}

/**
 * Adds up the functions of each crate. A function counts for the crate that defines it; "named in" also counts
 * generic code that another crate defines and this one's types fill in. Inlined code counts where it ended up.
 * @param {Buffer} wasm
 */
function printShares(wasm) {
  const { functions, data } = readFunctions(wasm)
  const code = functions.reduce((sum, f) => sum + f.size, 0)
  /** @type {Map<string, number>} */
  const own = new Map()
  for (const { name, size } of functions) {
    const crate = crateOf(name)
    own.set(crate, (own.get(crate) ?? 0) + size)
  }
  const rows = [...own].sort((a, b) => b[1] - a[1])
  for (const [crate, size] of rows) {
    const inside = functions
      .filter((f) => f.name.includes(crate))
      .reduce((sum, f) => sum + f.size, 0)
    console.log(
      `  ${crate.padEnd(22)}${kilo(size)} (${percent(size, code)}), named in ${kilo(inside)} (${percent(inside, code)})`,
    )
  }
  console.log(`  ${'(constant data)'.padEnd(22)}${kilo(data)}; shares are of ${kilo(code)} of code`)
}

/** @param {Buffer} wasm */
function readFunctions(wasm) {
  let at = 8
  let imported = 0
  let data = 0
  /** @type {number[]} */
  const sizes = []
  /** @type {Map<number, string>} */
  const names = new Map()
  const number = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++] ?? 0
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }
  const text = () => {
    const length = number()
    at += length
    return wasm.toString('utf8', at - length, at)
  }
  /** @type {Record<number, () => void>} */
  const skipImport = {
    0: number,
    1: () => (at++, limits()),
    2: () => limits(),
    3: () => (at += 2),
    4: () => (at++, number()),
  }
  const limits = () => {
    const flags = number()
    number()
    if (flags & 1) number()
  }
  while (at < wasm.length) {
    const id = wasm[at++]
    const length = number()
    const end = at + length
    if (id === 2) {
      for (let count = number(); count > 0; count--) {
        text()
        text()
        const kind = wasm[at++] ?? 0
        if (kind === 0) imported++
        skipImport[kind]?.()
      }
    } else if (id === 10) {
      for (let count = number(); count > 0; count--) {
        const size = number()
        sizes.push(size)
        at += size
      }
    } else if (id === 11) {
      data = length
    } else if (id === 0 && text() === 'name') {
      while (at < end) {
        const part = wasm[at++]
        const partEnd = number() + at
        if (part === 1) for (let count = number(); count > 0; count--) names.set(number(), text())
        at = partEnd
      }
    }
    at = end
  }
  return {
    data,
    functions: sizes.map((size, i) => ({ size, name: names.get(imported + i) ?? '' })),
  }
}

/**
 * The crate that defines a function: the first path in its name, such as `core[cde53af35fc41047]::fmt::write`.
 * @param {string} name
 */
function crateOf(name) {
  if (/^<[iuf\d]+>::|^<\[|^<(str|char|bool)>/.test(name)) return 'core'
  return /(\w+)(\[[0-9a-f]+\])?::/.exec(name)?.[1] ?? '(exports, runtime)'
}

/** @param {string} name @param {number} raw @param {number} gzip */
function row(name, raw, gzip) {
  return `  ${name.padEnd(22)}${kilo(raw)} raw, ${kilo(gzip)} gzip`
}

/** @param {number} bytes */
function kilo(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`.padStart(9)
}

/** @param {number} part @param {number} whole */
function percent(part, whole) {
  return `${((100 * part) / whole).toFixed(1)} %`
}
