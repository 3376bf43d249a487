// Buttons beside an error that do what it asks for, as far as this page can.

import type { Offers } from '../ui/error-card.tsx'
import type { Task } from '../ui/task.tsx'
import { say } from '../words.ts'
import { renew } from './session.ts'
import { type Play, play, simulated } from './simulator.ts'

const words = say({
  login: ['Log in again', '重新登录'],
  loggedIn: ['Logged in again; the former token has ended', '已重新登录；之前的令牌已失效'],
  offline: ['Take it offline in the simulator', '在模拟器中使其离线'],
  activate: ['Activate it in the simulator', '在模拟器中激活'],
})

/** @param task shows what becomes of the offer; its error makes room for it */
export function offers(task: Task, deviceId?: string): Offers {
  const plays = (label: string, action: Play) => ({
    label,
    run: () => void task.run((abort) => play(deviceId ?? '', action, abort)),
  })
  const playable = deviceId !== undefined && simulated.value.has(deviceId)
  return {
    'login-again': {
      label: words.login(),
      run: () =>
        void task.run(async (abort) => {
          await renew('login', abort)
          return words.loggedIn()
        }),
    },
    ...(playable && {
      'take-device-offline': plays(words.offline(), 'offline'),
      'activate-device': plays(words.activate(), 'activate'),
    }),
  }
}
