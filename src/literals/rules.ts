/** The comments and strings that languages share, to build their tables from. */
import type { Rule, Syntax } from './mask.ts';

export const SLASHES: Rule = { open: /\/\//y };
export const HASH: Rule = { open: /#/y };
export const DASHES: Rule = { open: /--/y };
export const BLOCK: Rule = { open: /\/\*/y, close: '*/', lines: true };
export const NESTED_BLOCK: Rule = { ...BLOCK, nests: '/*' };

export const DOUBLE: Rule = { open: /"/y, close: '"', escape: 'backslash', string: true };
export const SINGLE: Rule = { open: /'/y, close: "'", escape: 'backslash', string: true };
/** Strings in which the quote is written twice and a backslash means nothing. */
export const DOUBLE_TWICE: Rule = { open: /"/y, close: '"', escape: 'doubled', string: true, lines: true };
export const SINGLE_TWICE: Rule = { open: /'/y, close: "'", escape: 'doubled', string: true, lines: true };
export const SINGLE_RAW: Rule = { open: /'/y, close: "'", string: true, lines: true };
export const BACKTICK: Rule = { open: /`/y, close: '`', string: true, lines: true };
export const TRIPLE_DOUBLE: Rule = { open: /"""/y, close: '"""', escape: 'backslash', string: true, lines: true };
export const TRIPLE_SINGLE: Rule = { open: /'''/y, close: "'''", escape: 'backslash', string: true, lines: true };
/** One character in quotes; `'a` alone is a lifetime in Rust, and `1'000` a number in C++. */
export const CHARACTER: Rule = { open: /(?<![0-9A-Fa-f])'(?=(?:\\[^\n]+?|[^\\'\n])')/y, close: "'", escape: 'backslash', string: true };

/** A syntax of these rules; a rule that opens with more comes before one that opens with less. */
export function syntaxOf(...rules: readonly Rule[]): Syntax {
  return { starts: STARTS, rules };
}

const STARTS = '"\'`/#-@$RrL<=!;%([Bbu';
