// The code that the pages of this repository show, so that tests can run it as it stands.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './simulator.js'

/**
 * The code blocks of a page, in their order.
 * @param {string} page its path in the repository
 * @param {string} [language] those whose fence says so, word for word
 */
export function blocksOf(page, language) {
  const text = readFileSync(join(root, page), 'utf8')
  const fences = [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)]
  return fences
    .map(([, info = '', code = '']) => ({ info, code }))
    .filter(({ info }) => language === undefined || info === language)
}

/**
 * The one block whose first line is a comment that names a file, as in `// main.js`.
 * @param {string} page
 * @param {string} file
 */
export function blockNamed(page, file) {
  const found = blocksOf(page).filter(({ code }) => {
    const [first = ''] = code.split('\n')
    return [`// ${file}`, `# ${file}`, `<!-- ${file} -->`].includes(first)
  })
  const [block] = found
  if (!block || found.length > 1) throw new Error(`${page} has ${found.length} blocks of ${file}`)
  return block.code
}
