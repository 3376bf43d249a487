// What the type check knows of names that only the build makes; the types for users are in pkg-template/.

// What src/js/ wraps, and types there.
export function compute(client: number, given: string): string
export function poll(task: number): string
export function settle(ticket: number, answer: string): void
export function remove(number: number): void

// What src/js/loader.js needs, by scripts/lib/shorten-glue.mjs.
export const imports: WebAssembly.Imports
export function start(instance: WebAssembly.Instance): void

declare global {
  /** The version in Cargo.toml; scripts/pkg puts it in. */
  const __VERSION__: string
  /** There only in what webpack built. */
  const __webpack_require__: unknown
}
