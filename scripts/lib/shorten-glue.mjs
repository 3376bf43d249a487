// Gives wasm-bindgen's glue the short names of what crosses, and the two that src/js/loader.js imports.
// Run: node scripts/lib/shorten-glue.mjs GLUE NAMES, with what wasm-opt printed when it shortened; scripts/pkg does.
// Writes: GLUE.

import { readFileSync, writeFileSync } from 'node:fs'

const [glue = '', names = ''] = process.argv.slice(2)
/** @type {{ imports: [string, string, string][], exports: [string, string][] }} */
const { imports, exports } = JSON.parse(readFileSync(names, 'utf8'))
const short = new Map(exports)
const imported = imports.map(([, name, letter]) => `${letter}: ${name}`)

// Most texts are ASCII and fit at once; wasm-bindgen's own way looks at one character after the other.
const passString = `function passStringToWasm0(text, malloc, realloc) {
  let size = text.length
  let ptr = malloc(size, 1) >>> 0
  const put = () => cachedTextEncoder.encodeInto(text, getUint8ArrayMemory0().subarray(ptr, ptr + size))
  const { read, written } = put()
  WASM_VECTOR_LEN = written
  if (read < text.length) {
    ptr = realloc(ptr, size, (size = 3 * text.length), 1) >>> 0
    WASM_VECTOR_LEN = put().written
    ptr = realloc(ptr, size, WASM_VECTOR_LEN, 1) >>> 0
  }
  return ptr
}
`

const code = readFileSync(glue, 'utf8')
  .replace(/from '\.\/snippets\/[^']*\/src\/js\/host\.js'/, "from '#host'")
  .replace(/\bfunction passStringToWasm0\([^]*?\n}\n/, () => passString)
  .replace(/\bwasm\.(\w+)/g, (_, name) => {
    const letter = short.get(name)
    if (letter === undefined) throw new Error(`the wasm has no export ${name}`)
    return `wasm.${letter}`
  })

if (!code.includes(passString)) throw new Error('the glue passes no strings as it did before')

writeFileSync(
  glue,
  `${code}
/** All that the wasm imports: wasm-opt calls the module so as well. */
export const imports = { a: { ${imported.join(', ')} } }

export function start(instance) {
  __wbg_set_wasm(instance.exports)
  wasm.${short.get('__wbindgen_start')}()
}
`,
)
