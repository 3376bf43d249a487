// The frame of the page: where one is, in which language and colors, and what has just happened.

import { useSignalEffect } from '@preact/signals'
import { version } from 'northbound'
import { useRef } from 'preact/hooks'

import { Errors } from './errors/errors.tsx'
import { Huawei } from './huawei/huawei.tsx'
import { Mqtt } from './mqtt/mqtt.tsx'
import { PLACES, type Place, address, route } from './router.ts'
import { type Theme, chooseTheme, theme } from './theme.ts'
import { Status } from './ui/status.tsx'
import { type Language, chooseLanguage, language, say } from './words.ts'

const words = say({
  skip: ['Skip to the content', '跳到主要内容'],
  places: ['Places', '位置'],
  language: ['Language', '语言'],
  theme: ['Colors', '颜色'],
  auto: ['System', '跟随系统'],
  light: ['Light', '浅色'],
  dark: ['Dark', '深色'],
})

/** What the places are called; narrow screens leave out the second part of it. */
const names = say({
  huawei: ['Huawei', '华为北向接口'],
  mqtt: ['ApsaraMQ', '云消息队列 MQTT 版'],
  errors: ['Errors', '错误'],
})
const further = say({
  huawei: [' northbound', ''],
  mqtt: [' for MQTT', ''],
  errors: ['', ''],
})

/** A place is made when it is first shown, then stays: what was typed or received is there when one comes back. */
const CONTENTS: Record<Place, () => preact.JSX.Element> = {
  huawei: Huawei,
  mqtt: Mqtt,
  errors: Errors,
}

export function App() {
  const { place } = route.value
  const seen = useRef(new Set<Place>()).current.add(place)
  useSignalEffect(() => {
    const { place } = route.value
    document.title = `${names[place]()}${further[place]()} · northbound`
  })
  return (
    <>
      <header class="top">
        <SkipLink />
        <div class="brand">
          <h1>northbound</h1>
          <span class="version" data-testid="version">
            {version}
          </span>
        </div>
        <nav class="places" aria-label={words.places()}>
          {PLACES.map((name) => (
            <a
              key={name}
              href={address(name)}
              data-testid={`place-${name}-link`}
              aria-current={name === place ? 'page' : undefined}
            >
              {names[name]()}
              <span class="further">{further[name]()}</span>
            </a>
          ))}
        </nav>
        <Preferences />
      </header>
      <Status />
      <main id="content" tabIndex={-1}>
        {PLACES.map((name) => {
          const Content = CONTENTS[name]
          return (
            <div
              key={name}
              id={`place-${name}`}
              data-testid={`place-${name}`}
              hidden={name !== place}
            >
              {seen.has(name) && <Content />}
            </div>
          )
        })}
      </main>
    </>
  )
}

/** Past the header by the keyboard. The fragment stays what it is, the place. */
function SkipLink() {
  return (
    <a
      class="skip"
      href={address(route.value.place)}
      data-testid="skip"
      onClick={(event) => {
        event.preventDefault()
        document.querySelector<HTMLElement>('#content')?.focus()
      }}
    >
      {words.skip()}
    </a>
  )
}

function Preferences() {
  return (
    <div class="preferences">
      <select
        aria-label={words.language()}
        data-testid="language"
        value={language.value}
        onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
      >
        <option value="en">English</option>
        <option value="zh" lang="zh-CN">
          中文
        </option>
      </select>
      <select
        aria-label={words.theme()}
        data-testid="theme"
        value={theme.value}
        onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}
      >
        <option value="auto">{words.auto()}</option>
        <option value="light">{words.light()}</option>
        <option value="dark">{words.dark()}</option>
      </select>
    </div>
  )
}
