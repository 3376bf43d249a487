// Tells what a browser downloads of the console, file by file, and refuses more than scripts/size-budget.json allows.
// Run: node scripts/lib/console-size.mjs [FOLDER]; scripts/console does.
// Writes nothing. Exits 1 above the budget.

import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const folder = process.argv[2] ?? 'www/dist'
const budget = JSON.parse(readFileSync(new URL('../size-budget.json', import.meta.url), 'utf8'))
const files = readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
  .sort()

let total = 0
for (const file of files) {
  const bytes = readFileSync(file)
  const gzip = gzipSync(bytes, { level: 9 }).length
  // The package's own, which scripts/pkg tells.
  const counts = !file.endsWith('.wasm')
  if (counts) total += gzip
  const name = path.relative(folder, file).padEnd(36)
  console.log(`  ${name}${kilo(bytes.length)} raw, ${kilo(gzip)} gzip${counts ? '' : ', apart'}`)
}
console.log(
  `  ${'console'.padEnd(36)}${kilo(total)} gzip of ${kilo(budget.consoleGzipBytes).trim()}`,
)
if (total > budget.consoleGzipBytes) {
  console.error(`The console has ${total} bytes, over its budget of ${budget.consoleGzipBytes}.`)
  process.exit(1)
}

/** @param {number} bytes */
function kilo(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`.padStart(9)
}
