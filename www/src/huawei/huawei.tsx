// The place of Huawei Cloud IoT's northbound API.

import './huawei.css'

import { Gauge } from '../record/gauge.tsx'
import { Timeline } from '../record/timeline.tsx'
import { ConnectionCard } from './connection.tsx'
import { DevicesCard } from './devices.tsx'
import { RegisterCard } from './register.tsx'
import { recorder } from './session.ts'
import { startSharing } from './sharing.ts'
import { reload } from './simulator.ts'
import { SimulatorCard } from './simulator-card.tsx'
import { TokenCard } from './token.tsx'

void startSharing()
void reload()

export function Huawei() {
  return (
    <div class="columns">
      <div class="column">
        <ConnectionCard />
        <TokenCard />
        <Gauge recorder={recorder} id="huawei-budget" />
        <SimulatorCard />
      </div>
      <div class="column">
        <RegisterCard />
        <DevicesCard />
      </div>
      <Timeline id="huawei-requests" recorder={recorder} />
    </div>
  )
}
