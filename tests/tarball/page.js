// Opens a page of a sample in a browser and hears what it did.

/** A page says nothing for so long only if its modules did not arrive. */
const PATIENCE_MS = 20_000

const PROBLEM = 'problem: '

/**
 * @typedef {object} Outcome
 * @property {string[]} done the steps that are done: import, init, calls
 * @property {string} [problem] why there are no more
 */

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} address
 * @returns {Promise<Outcome>}
 */
export async function openPage(browser, address) {
  const context = await browser.createBrowserContext()
  try {
    const page = await context.newPage()
    const noise = listen(page)
    await page.goto(address)
    const told = await hear(page, noise)
    const outcome = outcomeOf(told)
    if (outcome.problem !== undefined) return outcome
    // What users see in the console of their browser although all is well is a problem too.
    if (noise.texts.length > 0) return { done: [], problem: [...new Set(noise.texts)].join('; ') }
    return outcome
  } finally {
    await context.close()
  }
}

/**
 * @param {string[]} told the steps that are done, or at its end the problem
 * @returns {Outcome}
 */
export function outcomeOf(told) {
  const problem = told.find((text) => text.startsWith(PROBLEM))
  const done = told.filter((text) => text !== problem)
  return problem === undefined ? { done } : { done, problem: problem.slice(PROBLEM.length) }
}

/** @param {import('puppeteer-core').Page} page */
export function listen(page) {
  /** @type {string[]} */
  const texts = []
  /** @type {(value?: unknown) => void} */
  let fail = () => {}
  const failed = new Promise((resolve) => (fail = resolve))
  page.on('console', (message) => {
    if (isIcon(message.location().url)) return
    if (['error', 'warn'].includes(message.type())) texts.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => {
    texts.push(`page error: ${Object(error).message ?? error}`)
    fail()
  })
  page.on('requestfailed', (request) => {
    texts.push(`${request.url()}: ${request.failure()?.errorText ?? 'failed'}`)
    if (request.resourceType() === 'script') fail()
  })
  page.on('response', (response) => {
    if (response.status() < 400 || isIcon(response.url())) return
    texts.push(`${response.url()}: status ${response.status()}`)
    if (response.request().resourceType() === 'script') fail()
  })
  return { texts, failed }
}

/** What browsers ask for on their own. @param {string} [url] */
function isIcon(url) {
  return url?.endsWith('/favicon.ico')
}

/**
 * The steps that the page tells, up to the last one or a problem.
 * @param {import('puppeteer-core').Page} page
 * @param {ReturnType<typeof listen>} noise
 * @returns {Promise<string[]>}
 */
async function hear(page, noise) {
  const over = `globalThis.northboundSteps?.some((text) => text === 'calls' || text.startsWith('${PROBLEM}'))`
  const problem = await Promise.race([
    page.waitForFunction(over, { timeout: PATIENCE_MS }).then(
      () => undefined,
      (error) => `the page told no end: ${error.message}`,
    ),
    noise.failed.then(() => 'the page failed'),
  ])
  const told = /** @type {string[]} */ (await page.evaluate('globalThis.northboundSteps ?? []'))
  if (problem === undefined) return told
  return [...told, `${PROBLEM}${noise.texts.join('; ') || problem}`]
}
