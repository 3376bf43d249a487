// One run, one table: the package against the vendors' SDKs and against hand-written clients.
// Run by scripts/bench: main.js [--quick] [--only=PART,PART]

import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { PARTS, measure, root } from './bench.js'
import { figuresTable, goalsTable, markdown } from './table.js'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
})
const parts = values.only === '' ? Object.keys(PARTS) : values.only.split(',')
const unknown = parts.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  console.error(`bench: there is no part ${unknown.join()}; there are ${Object.keys(PARTS).join()}`)
  process.exit(2)
}

const [load = 0] = os.loadavg()
if (load > os.cpus().length)
  console.error(`bench: ${load.toFixed(1)} processes want this machine already: expect wide ranges`)
const report = await measure(values.quick ? 'quick' : 'full', parts, (text) =>
  process.stderr.write(text),
)
const artifacts = join(root, 'artifacts')
mkdirSync(artifacts, { recursive: true })
writeFileSync(join(artifacts, 'bench.json'), `${JSON.stringify(report, undefined, 2)}\n`)
if (!values.quick && values.only === '')
  writeFileSync(join(root, 'benches/RESULTS.md'), markdown(report))
console.log(`\n${figuresTable(report.rows)}\n`)
if (report.goals.length > 0) console.log(`${goalsTable(report.goals)}\n`)
const missed = report.goals.filter(({ result }) => result === 'missed').length
console.log(`${report.goals.length - missed} of ${report.goals.length} goals are met.`)
