// A page with a timeline, a gauge and clients of both platforms, which a test drives by `record`.

import '../../../www/src/style/base.css'
import '../../../www/src/style/parts.css'

import {
  type ClientOptions,
  NorthApiClient,
  OnsMqttClient,
  type OnsMqttConfig,
  init,
} from 'northbound'
import { render } from 'preact'

import { Gauge } from '../../../www/src/record/gauge.tsx'
import { createRecorder } from '../../../www/src/record/recorder.ts'
import { Timeline } from '../../../www/src/record/timeline.tsx'
import { apply, chooseTheme } from '../../../www/src/theme.ts'
import { Status } from '../../../www/src/ui/status.tsx'
import { chooseLanguage, language } from '../../../www/src/words.ts'

const recorder = createRecorder()

const record = {
  recorder,
  chooseLanguage,
  chooseTheme,
  northApi: (app: { appId: string; secret: string }, options: ClientOptions) =>
    new NorthApiClient({ ...app, baseUrl: '/' }, { ...recorder.tap(), ...options }),
  onsMqtt: (config: OnsMqttConfig, options: ClientOptions) =>
    new OnsMqttClient({ endpoint: '/', ...config }, { ...recorder.tap(), ...options }),
}

chooseLanguage(language.value)
apply()
await init()
render(
  <>
    <header>
      <h1 class="unseen">Requests</h1>
    </header>
    <Status />
    <main>
      <div class="columns">
        <div class="column">
          <Gauge recorder={recorder} />
        </div>
        <div class="column" />
        <Timeline id="requests" recorder={recorder} />
      </div>
    </main>
  </>,
  document.querySelector('#app') as HTMLElement,
)
Object.assign(globalThis, { record })
