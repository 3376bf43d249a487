// The place of all documented errors: search them, narrow them down, read what to do.

import { effect, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

import { route } from '../router.ts'
import { Card } from '../ui/card.tsx'
import { say } from '../words.ts'
import { Legend } from './actions.tsx'
import { entries, find, split } from './catalogue.ts'
import { EntryRow } from './entry.tsx'
import './errors.css'
import { Filters } from './filters.tsx'
import { marker } from './mark.tsx'
import { NOTHING, ask, question } from './question.ts'

const words = say({
  title: ['Errors of both platforms', '两个平台的错误'],
  all: ['{total} errors', '共 {total} 个错误'],
  some: ['{count} of {total} errors', '{total} 个错误中的 {count} 个'],
  one: ['One error, from a link', '来自链接的一个错误'],
  none: ['No documented error matches', '没有匹配的已知错误'],
  advice: [
    'Look for fewer words or a part of the code, in English. A code that the platforms do not document is told with a general sentence: report it with its request ID.',
    '请减少关键词，或只输入错误码的一部分（英文）。未收录的错误码只会得到通用说明：请附上请求 ID 反馈。',
  ],
  drop: ['Show all errors', '显示全部错误'],
})

/** The catalogue is read when somebody first comes to look at it. */
const visited = signal(false)

effect(() => {
  if (route.value.place === 'errors') visited.value = true
})

const AT_ONCE = 25
const drawn = signal(AT_ONCE)

effect(() => {
  if (question.value) drawn.value = AT_ONCE
})

export function Errors() {
  return (
    <Card id="errors" title={words.title()} wide>
      {visited.value && (
        <>
          <Filters />
          <Legend />
          <Found />
        </>
      )}
    </Card>
  )
}

function Found() {
  const asked = question.value
  const found = find(asked)
  const total = entries().length
  const searched = asked.entry ? [] : split(asked.search)
  const by = marker(searched)
  // What is in sight is there at once; the rest follows in short steps, so that typing never waits.
  const behind = drawn.value < found.length
  useEffect(() => {
    if (!behind) return undefined
    const timer = setTimeout(() => {
      drawn.value += AT_ONCE
    })
    return () => clearTimeout(timer)
  })
  const narrowed = asked !== NOTHING && Object.values(asked).some(Boolean)
  const count = asked.entry && found.length === 1 ? words.one() : counted(found.length, total)
  return (
    <>
      <div class="errors-count">
        <p role="status" data-testid="errors-count">
          {count}
        </p>
        {narrowed && (
          <button
            type="button"
            class="small"
            data-testid="errors-all"
            onClick={() => {
              ask(NOTHING)
              document.getElementById('errors-search')?.focus()
            }}
          >
            {words.drop()}
          </button>
        )}
      </div>
      {found.length === 0 ? (
        <p class="quiet errors-empty" data-testid="errors-empty">
          {words.advice()}
        </p>
      ) : (
        <ol class="errors-list" data-testid="errors-list">
          {found.slice(0, drawn.value).map((entry) => (
            <EntryRow key={entry.key} entry={entry} by={by} words={searched} />
          ))}
        </ol>
      )}
    </>
  )
}

function counted(count: number, total: number): string {
  if (count === 0) return words.none()
  return count === total ? words.all({ total }) : words.some({ count, total })
}
