// Compares two types; the checks are made by the compiler.

/** Whether both are the same in all members, modifiers included; `any` is the same as `any` alone. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Whether each can stand in for the other. */
export type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

export type IsAny<T> = 0 extends 1 & T ? true : false

/** Does not compile unless it is given `true`. */
export type Yes<T extends true> = T

/** Does not compile unless it is given `false`. */
export type No<T extends false> = T

/** The helpers themselves: what they tell apart. */
export type Checks = [
  Yes<Equal<{ a?: string }, { a?: string }>>,
  No<Equal<{ a?: string }, { a: string | undefined }>>,
  No<Equal<{ readonly a: string }, { a: string }>>,
  No<Equal<any, string>>,
  No<Equal<{ a: any }, { a: string }>>,
  Yes<Mutual<{ a: 1 }, { readonly a: 1 }>>,
  No<Mutual<{ a: 1 }, { a: 1; b: 2 }>>,
  No<Mutual<1 | 2, 1>>,
  Yes<IsAny<any>>,
  No<IsAny<unknown>>,
  No<IsAny<never>>,
]
