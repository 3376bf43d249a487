// The place of ApsaraMQ for MQTT: keys and credentials on one side, the device's live side on the other.

import { Gauge } from '../record/gauge.tsx'
import { Timeline } from '../record/timeline.tsx'
import { Access } from './access.tsx'
import { Connection } from './connection.tsx'
import { Device } from './device.tsx'
import { Group } from './group.tsx'
import { recorder } from './keys.ts'
import './mqtt.css'
import { Stream } from './stream.tsx'
import { Tokens } from './tokens.tsx'

export function Mqtt() {
  return (
    <div class="columns">
      <div class="column">
        <Access />
        <Device />
        <Gauge recorder={recorder} id="mqtt-budget" />
      </div>
      <div class="column">
        <Connection />
        <Stream />
        <div class="ons-side">
          <Tokens />
          <Group />
        </div>
      </div>
      <Timeline id="mqtt-requests" recorder={recorder} />
    </div>
  )
}
