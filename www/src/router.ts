// Which place is shown, by the fragment: `#huawei`, `#mqtt`, `#errors?search=100611`.
//
// A fragment never leaves the browser; all the same nothing secret may ever be put into it.

import { signal } from '@preact/signals'

export const PLACES = ['huawei', 'mqtt', 'errors'] as const

export type Place = (typeof PLACES)[number]

interface Route {
  place: Place
  parameters: URLSearchParams
}

export const route = signal(read())

/** The address of a place, for links. */
export function address(place: Place, parameters: Record<string, string> = {}): string {
  const search = new URLSearchParams(parameters).toString()
  return `#${place}${search && `?${search}`}`
}

/** Writes the address anew without a step in the history. */
export function replace(place: Place, parameters: Record<string, string>): void {
  history.replaceState(null, '', address(place, parameters))
  route.value = read()
}

export function follow(): void {
  addEventListener('hashchange', () => {
    const former = route.value.place
    route.value = read()
    // Another place begins at its top, however far one was in the former.
    if (route.value.place !== former) scrollTo(0, 0)
  })
}

function read(): Route {
  const [name, search = ''] = location.hash.slice(1).split('?')
  const place = PLACES.find((known) => known === name) ?? 'huawei'
  return { place, parameters: new URLSearchParams(search) }
}
