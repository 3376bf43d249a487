// Light, dark, or as the system has it.

import { signal } from '@preact/signals'

import { recall, remember } from './words.ts'

export type Theme = 'auto' | 'light' | 'dark'

const STORED = 'northbound.theme'
const stored = recall(STORED)

export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'auto')

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  apply()
  remember(STORED, chosen)
}

/** The style sheets take it from here: `light-dark()` follows the color scheme. */
export function apply(): void {
  document.documentElement.dataset['theme'] = theme.value
}
