// What tests/js/pages/record.tsx leaves in a page, as far as tests look at it.
import type { ClientOptions, NorthApiClient, OnsMqttClient, OnsMqttConfig } from 'northbound'

interface Kept<T> {
  readonly value: readonly T[]
}

declare global {
  var record: {
    recorder: {
      calls: Kept<{
        id: number
        operation: string
        end?: number
        segments: { kind: string; exchange?: { answer?: object } }[]
      }>
      markers: Kept<object>
      budget: { readonly value: { used: number; calls: number } }
    }
    chooseLanguage(language: 'en' | 'zh'): void
    chooseTheme(theme: 'auto' | 'light' | 'dark'): void
    northApi(app: { appId: string; secret: string }, options: ClientOptions): NorthApiClient
    onsMqtt(config: OnsMqttConfig, options: ClientOptions): OnsMqttClient
  }
}

export {}
