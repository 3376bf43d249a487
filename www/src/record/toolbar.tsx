// What is listed, and how much time is shown.

import { say } from '../words.ts'
import { type Kind, KINDS } from './filter.ts'
import type { Recorder } from './recorder.ts'
import { type Zoom, ZOOMS } from './scale.ts'
import type { View } from './view.ts'

const words = say({
  search: ['Search requests', '搜索请求'],
  placeholder: ['Path, code, status, #call', '路径、代码、状态、#调用'],
  operation: ['Operation', '操作'],
  anyOperation: ['All operations', '全部操作'],
  outcome: ['Outcome', '结果'],
  all: ['All outcomes', '全部结果'],
  open: ['Under way', '进行中'],
  good: ['Succeeded', '成功'],
  bad: ['Failed', '失败'],
  retried: ['Retried', '有重试'],
  waited: ['Waited', '有排队'],
  zoom: ['Time shown', '显示时长'],
  everything: ['All', '全部'],
  minute: ['1 min', '1 分钟'],
  seconds: ['10 s', '10 秒'],
  follow: ['Follow', '跟随最新'],
  clear: ['Clear', '清空'],
  count: ['{shown} of {all}', '{shown}/{all}'],
})

const OF_ZOOM: Record<Zoom, () => string> = {
  all: words.everything,
  minute: words.minute,
  seconds: words.seconds,
}

interface ToolbarProps {
  id: string
  recorder: Recorder
  view: View
}

export function Filters({ id, recorder, view }: ToolbarProps) {
  const filter = view.filter.value
  const operations = [...new Set(recorder.calls.value.map((call) => call.operation))].sort()
  // It stays choosable when its last call is gone.
  if (filter.operation && !operations.includes(filter.operation)) operations.push(filter.operation)
  return (
    <div class="tl-filters" role="search" aria-label={words.search()}>
      <input
        type="search"
        aria-label={words.search()}
        data-testid={`${id}-search`}
        placeholder={words.placeholder()}
        autocomplete="off"
        spellcheck={false}
        value={filter.text}
        onInput={(event) => {
          view.filter.value = { ...filter, text: event.currentTarget.value }
        }}
      />
      <select
        aria-label={words.operation()}
        data-testid={`${id}-operation`}
        value={filter.operation}
        onChange={(event) => {
          view.filter.value = { ...filter, operation: event.currentTarget.value }
        }}
      >
        <option value="">{words.anyOperation()}</option>
        {operations.map((operation) => (
          <option key={operation} value={operation}>
            {operation}
          </option>
        ))}
      </select>
      <select
        aria-label={words.outcome()}
        data-testid={`${id}-outcome`}
        value={filter.kind}
        onChange={(event) => {
          view.filter.value = { ...filter, kind: event.currentTarget.value as Kind }
        }}
      >
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {words[kind]()}
          </option>
        ))}
      </select>
    </div>
  )
}

export function Controls({ id, recorder, view }: ToolbarProps) {
  return (
    <div class="tl-controls">
      <span class="tl-count" data-testid={`${id}-count`}>
        {words.count({ shown: view.rows.value.length, all: recorder.calls.value.length })}
      </span>
      <div class="tl-zoom" role="group" aria-label={words.zoom()}>
        {ZOOMS.map((zoom) => (
          <button
            key={zoom}
            type="button"
            class="small"
            data-testid={`${id}-zoom-${zoom}`}
            aria-pressed={view.zoom.value === zoom}
            onClick={() => {
              view.zoom.value = zoom
            }}
          >
            {OF_ZOOM[zoom]()}
          </button>
        ))}
      </div>
      <button
        type="button"
        class="small tl-follow"
        data-testid={`${id}-follow`}
        aria-pressed={view.follow.value}
        onClick={() => {
          view.follow.value = !view.follow.value
        }}
      >
        {words.follow()}
      </button>
      <button
        type="button"
        class="small"
        data-testid={`${id}-clear`}
        disabled={recorder.calls.value.length === 0 && recorder.markers.value.length === 0}
        onClick={() => {
          recorder.clear()
          view.opened.value = undefined
          view.follow.value = true
        }}
      >
        {words.clear()}
      </button>
    </div>
  )
}
