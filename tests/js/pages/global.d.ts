// What tests/js/pages/stores.js leaves in a page, for functions that tests hand to one.

declare global {
  var stores: typeof import('./stores.js').stores
}

export {}
