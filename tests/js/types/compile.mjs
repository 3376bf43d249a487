// Compiles one set of files under many compiler options by one version of TypeScript, in one process: the
// declarations of a host are read once, and checked in the first job that has them.
// Run: node compile.mjs TYPESCRIPT FOLDER, with the jobs as JSON on standard input; it answers one JSON line a job.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** @typedef {{ name: string, files: string[], compilerOptions: Record<string, unknown> }} Job */

const [, , typescript = '', folder = ''] = process.argv
/** @type {typeof import('typescript')} */
const ts = createRequire(import.meta.url)(typescript)
process.chdir(folder)

/** Source files by how they are read and where they are. @type {Map<string, import('typescript').SourceFile>} */
const read = new Map()

/** The hosts whose own declarations were checked. @type {Set<string>} */
const checked = new Set()

for (const job of /** @type {Job[]} */ (JSON.parse(await text(process.stdin)))) {
  const started = performance.now()
  const complaints = compile(job)
  const ms = Math.round(performance.now() - started)
  console.log(JSON.stringify({ name: job.name, complaints, ms }))
}

/** @param {Job} job */
function compile({ files, compilerOptions }) {
  const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, folder)
  const host = ts.createCompilerHost(options)
  const readFile = host.getSourceFile.bind(host)
  host.getSourceFile = (name, how, ...rest) => {
    const key = JSON.stringify([name, how])
    const known = read.get(key)
    if (known !== undefined) return known
    const source = readFile(name, how, ...rest)
    if (source !== undefined && name.endsWith('.d.ts')) read.set(key, source)
    return source
  }
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    options,
    host,
  )
  return ts.formatDiagnostics([...errors, ...complaintsOf(program)], {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => '\n',
  })
}

/**
 * What is wrong with all files; those of a host that was there before are left out, since how modules are
 * found does not change them, and they take nearly all of the time.
 * @param {import('typescript').Program} program
 */
function complaintsOf(program) {
  const { lib, types } = program.getCompilerOptions()
  const host = JSON.stringify([lib, types])
  if (!checked.has(host)) {
    checked.add(host)
    return ts.getPreEmitDiagnostics(program)
  }
  const files = program
    .getSourceFiles()
    .filter((file) => !program.isSourceFileDefaultLibrary(file))
    .filter(({ fileName }) => !/\/node_modules\/(@types\/node|undici-types)\//.test(fileName))
  return [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ]
}
