// What the fuzzer puts into arguments: values of all kinds, made anew each time, and ways to spoil what is
// right with them. fast-check draws, repeats and shrinks.

import vm from 'node:vm'

import fc from 'fast-check'

import { hostileWrappers, NAMES, thrownValues, VALUES } from './hostile-values.js'

/** @typedef {{ what: string, make: () => any }} Drawn */

/** Text of any code units: halves of surrogate pairs, NUL and all. */
export const oddText = fc
  .array(
    fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 0xd800, 0xdfff, 0x2028)),
    {
      maxLength: 40,
    },
  )
  .map((units) => String.fromCharCode(...units))

/** What takes long to make, or for ever to settle, or is the runner's own is for other tests. */
const LONG =
  /the global object|hundred million|ten million|for ever pending|greatest length|sparse array/

const known = fc
  .constantFrom(...VALUES.filter(([what]) => !LONG.test(what)))
  .map(([what, make]) => ({ what, make }))

const any = fc
  .anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  })
  .map((value) => ({ what: `the value ${fc.stringify(value)}`, make: () => value }))

const texts = oddText.map((text) => ({ what: `text ${JSON.stringify(text)}`, make: () => text }))

const foreign = fc.json().map((json) => ({
  what: `of another realm: ${json}`,
  make: () => vm.runInNewContext(`(${json})`),
}))

/** @type {fc.Arbitrary<Drawn>} */
export const value = fc.oneof(known, any, texts, foreign)

/**
 * What may be thrown.
 * @param {typeof import('northbound')} northbound
 * @returns {fc.Arbitrary<Drawn>}
 */
export const thrownBy = (northbound) =>
  fc.constantFrom(...thrownValues(northbound)).map(([what, make]) => ({ what, make }))

/**
 * A step that spoils arguments. `place` counts, round and round, through all arguments and their members.
 * @typedef {{ what: string, place: number, spoil: (holder: any, name: any) => void }} Step
 */

/**
 * @param {typeof import('northbound')} northbound
 * @returns {fc.Arbitrary<Step>}
 */
function step(northbound) {
  const thrown = thrownBy(northbound)
  const wrapper = fc.tuple(fc.nat({ max: 20 }), thrown)
  /** @type {fc.Arbitrary<Omit<Step, 'place'>>} */
  const how = fc.oneof(
    { weight: 6, arbitrary: value.map(({ what, make }) => ({ what, spoil: (/** @type {any} */ holder, /** @type {any} */ name) => (holder[name] = make()) })) }, // prettier-ignore
    fc.constant({ what: 'nothing there', spoil: (/** @type {any} */ holder, /** @type {any} */ name) => delete holder[name] }), // prettier-ignore
    thrown.map(({ what, make }) => ({
      what: `a getter that throws ${what}`,
      spoil(/** @type {any} */ holder, /** @type {any} */ name) {
        const get = () => {
          throw make()
        }
        Object.defineProperty(holder, name, { get, enumerable: true, configurable: true })
      },
    })),
    wrapper.map(([index, { what, make }]) => {
      const wrappers = hostileWrappers(make)
      const [name, wrap] = /** @type {typeof wrappers[number]} */ (
        wrappers[index % wrappers.length]
      )
      return {
        what: `${name} (${what})`,
        spoil: (/** @type {any} */ holder, /** @type {any} */ at) =>
          (holder[at] = wrap(Object(holder[at] ?? {}))),
      }
    }),
    fc.tuple(fc.constantFrom(...NAMES), value).map(([odd, { what, make }]) => ({
      what: `a member ${String(odd).slice(0, 20)}, ${what}`,
      spoil: (/** @type {any} */ holder, /** @type {any} */ name) =>
        Object.defineProperty(Object(holder[name] ?? {}), odd, { value: make(), enumerable: true }),
    })),
    oddText.map((text) => ({
      what: `the name ${JSON.stringify(text)}`,
      spoil(/** @type {any} */ holder, /** @type {any} */ name) {
        holder[text] = holder[name]
        delete holder[name]
      },
    })),
  )
  return fc.tuple(fc.nat({ max: 50 }), how).map(([place, made]) => ({ ...made, place }))
}

/**
 * Up to three steps.
 * @param {typeof import('northbound')} northbound
 * @returns {fc.Arbitrary<Step[]>}
 */
export const steps = (northbound) => fc.array(step(northbound), { maxLength: 3 })

/**
 * Spoils arguments; what a step cannot change, since a former one has been there, stays.
 * @param {any[]} args right ones, made for this call
 * @param {Step[]} taken
 */
export function spoilt(args, taken) {
  for (const { place, spoil } of taken) {
    const places = placesIn(args)
    const [holder, name] = places[place % places.length] ?? [args, 0]
    // Not a frozen one, a proxy, an array of odd length.
    safely(() => spoil(holder, name))
  }
  return listed(args)
}

/**
 * A list that can be read whatever was done to it: what throws moves into an object of its own.
 * @param {any[]} list
 */
export function listed(list) {
  return Array.from({ length: safely(() => list.length) ?? 0 }, (_, at) => {
    const descriptor = safely(() => Object.getOwnPropertyDescriptor(list, at))
    return descriptor?.get ? Object.defineProperty({}, 'member', descriptor) : descriptor?.value
  })
}

/**
 * Where a value stands: each argument, and each member of plain ones.
 * @param {any} holder
 * @returns {[holder: any, name: string][]}
 */
function placesIn(holder, levels = 3) {
  return Object.keys(holder).flatMap((name) => {
    /** @type {[any, string]} */
    const here = [holder, name]
    const inner = Object.getOwnPropertyDescriptor(holder, name)?.value
    const isPlain = safely(
      () => inner.constructor === Object || (Array.isArray(inner) && inner.length < 5),
    )
    return levels > 0 && isPlain
      ? [here, ...(safely(() => placesIn(inner, levels - 1)) ?? [])]
      : [here]
  })
}

/**
 * Reads what may be hostile; nothing where that throws.
 * @template T
 * @param {() => T} read
 * @returns {T | undefined}
 */
export function safely(read) {
  try {
    return read()
  } catch {
    return undefined
  }
}
