// Loads the package, then shows the page, or why the package could not be loaded.

import './style/base.css'
import './style/parts.css'
import './style/frame.css'

import { init } from 'northbound'
import { render } from 'preact'

import { App } from './app.tsx'
import { follow } from './router.ts'
import { apply } from './theme.ts'
import { applyLanguage, say } from './words.ts'

const words = say({
  loading: ['Loading the package…', '正在加载软件包…'],
  failed: ['The package could not be loaded', '无法加载软件包'],
  remedy: [
    "Check that the .wasm file in the folder assets is served beside this page, complete and as application/wasm, and that the page’s policy has 'wasm-unsafe-eval'. Then try again.",
    "请检查 assets 文件夹中的 .wasm 文件是否与本页面一同完整地以 application/wasm 类型提供，且页面策略包含 'wasm-unsafe-eval'，然后重试。",
  ],
  unable: ['This browser has no WebAssembly', '此浏览器不支持 WebAssembly'],
  unableRemedy: [
    'Use a browser that has it, or allow it: some hardened modes switch it off.',
    '请使用支持 WebAssembly 的浏览器，或允许使用它：某些强化模式会将其关闭。',
  ],
  retry: ['Try again', '重试'],
})

const root = document.querySelector('#app') as HTMLElement

applyLanguage()
apply()
follow()
// What stood there for pages without a script.
root.replaceChildren()
await start()

async function start(): Promise<void> {
  render(<Loading />, root)
  try {
    await init()
  } catch (error) {
    render(<NotLoaded error={error} />, root)
    return
  }
  render(<App />, root)
}

function Loading() {
  return (
    <p class="status" role="status">
      {words.loading()}
    </p>
  )
}

function NotLoaded({ error }: { error: unknown }) {
  const unable = typeof WebAssembly === 'undefined'
  return (
    <main>
      <section
        class="card load-failure"
        role="alert"
        aria-labelledby="load-failure-title"
        data-testid="load-failure"
      >
        <h1 id="load-failure-title" data-testid="load-failure-title">
          {unable ? words.unable() : words.failed()}
        </h1>
        <p data-testid="load-failure-remedy">{unable ? words.unableRemedy() : words.remedy()}</p>
        <p class="mono quiet" data-testid="load-failure-detail">
          {detail(error)}
        </p>
        <p>
          <button
            type="button"
            class="primary"
            data-testid="load-retry"
            onClick={() => void start()}
          >
            {words.retry()}
          </button>
        </p>
      </section>
    </main>
  )
}

/** The package says that it was not loaded, and its cause says why. */
function detail(error: unknown): string {
  return String((error instanceof Error && error.cause) || error)
}
