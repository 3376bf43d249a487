// Prints a report: how to read it, the goals, every figure.

import { grid } from '../tests/tarball/table.js'
import { ratios, spread } from './measure.js'

/** @typedef {import('./bench.js').Report} Report */
/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./measure.js').Spread} Spread */

const READING = `A figure is the median of its rounds, with the least and the most beside it. "northbound ÷ it" divides this package by
that row within each round and is the median of that: below 1 the package needs less, for calls a second above 1. Machines
differ and change by the minute, so only the ratios mean something, and only within one run; the wider they range, the
busier the machine was. What has no network in it is measured in processor time. Everybody makes the same call,
\`registerDeviceCredential\`; before the run, each request is checked by a verifier of its own, and each answer is read.

- "SDK" is \`@alicloud/openapi-core\`, called as the vendor's generated clients do; "SDK, signing alone" is the part of
  it that builds and signs. \`pop-core\` is the vendor's SDK for untyped calls.
- "by hand" has no checks, retries, time limits, events or throttle. "best" uses one-shot hashes, an imported key,
  and nonces in batches; "ordinary" is what most programs do.
- "unsigned" is Node's own sender with an empty request whose answer nobody reads: the limit of every client on it.
- The server of calls answers fixed bytes over loopback from a process of its own; each client is a fresh process in
  each round. Bytes are those of all files that a browser loads, and of esbuild's bundle for the others.`

/** @param {Report} report */
export function markdown({ size, parts, machine, versions, ...report }) {
  const list = (/** @type {Record<string, string>} */ facts) =>
    Object.entries(facts).map(([name, fact]) => `${name} ${fact}`).join('; ') // prettier-ignore
  const command = `scripts/bench${size === 'full' ? '' : ` --${size}`}`
  return [
    '# Measured against others',
    `Made by \`make bench\` (\`${command}\`, parts: ${parts.join(', ')}).`,
    `Machine: ${list(machine)}.\nVersions: ${list(versions)}.`,
    READING,
    '## Goals',
    goalsTable(report.goals),
    '## All figures',
    figuresTable(report.rows),
    '',
  ].join('\n\n')
}

const RESULTS = { aim: 'ok, aim reached', ok: 'ok', missed: 'MISSED' }

/** @param {Report['goals']} goals */
export function goalsTable(goals) {
  const limit = (/** @type {import('./goals.js').Judged} */ { atLeast, unit }, /** @type {number | undefined} */ at) =>
    at === undefined ? '' : unit ? `+ ${at} ${unit}` : `${atLeast ? '>=' : '<='} ${at}` // prettier-ignore
  return grid([
    ['Goal', 'Limit', 'Aim', 'Measured', 'Least to most', 'Result'],
    ...goals.map((goal) => [
      goal.at === '' ? goal.what : `${goal.what} (${goal.at})`,
      limit(goal, goal.goal),
      limit(goal, goal.aim),
      goal.unit ? `+ ${goal.measured.median} ${goal.unit}` : figure(goal.measured.median),
      range(goal.measured, ''),
      RESULTS[goal.result],
    ]),
  ])
}

/** @param {Row[]} rows */
export function figuresTable(rows) {
  let last = ''
  return grid([
    ['What', 'Who', 'Median', 'Least to most', 'northbound ÷ it'],
    ...rows.map((row) => {
      const { what, who, unit, samples } = row
      const measured = spread(samples)
      const cells = [
        what === last ? '' : what,
        who,
        `${figure(measured.median)} ${unit}`,
        range(measured, unit),
        ratioOf(rows, row),
      ]
      last = what
      return cells
    }),
  ])
}

/** @param {Row[]} rows @param {Row} row */
function ratioOf(rows, { what, who, samples }) {
  const ours = rows.find((other) => other.what === what && other.who === 'northbound')
  if (ours === undefined || who === 'northbound') return ''
  const divided = spread(ratios(ours.samples, samples))
  const between = range(divided, '')
  return `${figure(divided.median)}${between === '' ? '' : ` (${between})`}`
}

/** @param {Spread} spread @param {string} unit */
function range({ min, max }, unit) {
  if (min === max) return ''
  return `${figure(min)} to ${figure(max)}${unit === '' ? '' : ` ${unit}`}`
}

/** Three digits that mean something, and whole numbers whole. @param {number} value */
export function figure(value) {
  if (Number.isInteger(value) || Math.abs(value) >= 100)
    return Math.round(value).toLocaleString('en')
  return value.toPrecision(3)
}
