// Runs every group, shared and each on its own, and prints one table. Exit code 1: a promise is broken.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../js/support/simulator.js'
import { FULL, GROUPS } from './groups.js'
import { broken, table, tooKind } from './table.js'

const HEAD = `# One token for all

Every login ends the former token at once, and the platform's clock ends each token after a few seconds
without the clients' knowing. Beside each group the same load with every process, tab or client on its own.
`

/** @type {import('./table.js').Row[]} */
const rows = []
/** @type {string[]} */
const complaints = []
for (const { name, run } of GROUPS) {
  process.stderr.write(`${name}: shared ... `)
  const shared = await run(true, FULL)
  process.stderr.write('each on its own ... ')
  const own = await run(false, FULL)
  process.stderr.write('done\n')
  rows.push({ group: name, shared, own })
  for (const text of [...broken(shared, 1000), ...tooKind(own)]) complaints.push(`${name}: ${text}`)
}

const printed = table(rows)
mkdirSync(join(root, 'artifacts'), { recursive: true })
writeFileSync(join(root, 'artifacts/sessions.md'), `${HEAD}\n${printed}\n`)
console.log(`\n${printed}\n\nAlso in artifacts/sessions.md.`)
for (const text of complaints) console.error(`BROKEN: ${text}`)
process.exitCode = complaints.length === 0 ? 0 : 1
