// How often and how long each part measures: the real run, a try, and what the test needs.

/**
 * @typedef {object} Settings
 * @property {{ processes: number, rounds: number, batchMs: number, warmMs: number }} work
 * @property {{ rounds: number, lanes: number[], warmCalls: number, warmMs: number, measureMs: number }} calls
 * @property {{ rounds: number, warm: boolean }} start
 * @property {{ requests: number[], calls: number[], clients: number }} memory
 * @property {{ rounds: number, waiting: number[], atLeast: number }} scale
 */

/** @type {Record<'full' | 'quick' | 'tiny', Settings>} */
export const SETTINGS = {
  full: {
    work: { processes: 3, rounds: 8, batchMs: 15, warmMs: 1200 },
    calls: { rounds: 5, lanes: [1, 16, 64], warmCalls: 5000, warmMs: 4000, measureMs: 700 },
    start: { rounds: 15, warm: true },
    memory: { requests: [10_000, 100_000, 1_000_000], calls: [10_000, 100_000], clients: 10_000 },
    scale: { rounds: 7, waiting: [1, 10, 100, 1000, 10_000], atLeast: 2000 },
  },
  quick: {
    work: { processes: 2, rounds: 3, batchMs: 5, warmMs: 300 },
    calls: { rounds: 2, lanes: [1, 16, 64], warmCalls: 2000, warmMs: 2000, measureMs: 300 },
    start: { rounds: 5, warm: true },
    memory: { requests: [1000, 10_000, 100_000], calls: [1000, 10_000], clients: 10_000 },
    scale: { rounds: 3, waiting: [1, 10, 100, 1000, 10_000], atLeast: 1000 },
  },
  tiny: {
    work: { processes: 1, rounds: 1, batchMs: 0.2, warmMs: 1 },
    calls: { rounds: 1, lanes: [2], warmCalls: 1, warmMs: 1, measureMs: 10 },
    start: { rounds: 1, warm: false },
    memory: { requests: [1000, 2000], calls: [500, 1000], clients: 100 },
    scale: { rounds: 1, waiting: [1, 100], atLeast: 1 },
  },
}
