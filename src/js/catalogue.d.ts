// What the type check knows of the module that scripts/pkg has written by scripts/catalogue.

/** Three lines for each entry: message, meaning, remedy; the last three are for codes that no entry has. */
export const texts: string
