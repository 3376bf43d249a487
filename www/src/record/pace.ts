// Lets the page draw between requests that go out together: each takes it up to a millisecond.

/** So many go out without the page drawing. */
const AT_ONCE = 8

let sent = 0
const waiting: (() => void)[] = []

/** Waits for one's turn to send; nothing: it is now. */
export function turn(): Promise<void> | undefined {
  if (sent < AT_ONCE && waiting.length === 0) {
    count()
    return undefined
  }
  return new Promise((resolve) => waiting.push(resolve))
}

function count(): void {
  if (sent === 0) setTimeout(next)
  sent += 1
}

function next(): void {
  sent = 0
  for (const go of waiting.splice(0, AT_ONCE)) {
    count()
    go()
  }
}
