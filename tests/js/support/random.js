// Choices that look random and are the same in every run.

/** @param {number} seed */
export function seeded(seed) {
  let state = seed | 0
  /** mulberry32: a number of 0 to 1. */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    /**
     * @template T
     * @param {readonly T[]} list
     * @returns {T}
     */
    pick: (list) => /** @type {T} */ (list[Math.floor(next() * list.length)]),
  }
}

/** @typedef {ReturnType<typeof seeded>} Random */
