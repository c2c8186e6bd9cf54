/** A comment or string that begins at an offset. */
export interface Span {
  readonly end: number;
  /** How many characters stay visible at each end: the quotes of a string. */
  readonly quote: number;
  readonly isString?: boolean;
}

/** How a language writes one kind of comment or string. */
export interface Rule {
  /** Sticky; matches where it begins. */
  readonly open: RegExp;
  /** What ends it; for raw strings it follows from what opened it. Without it the line ends it. */
  readonly close?: string | ((opened: string) => string);
  /** What keeps a closing mark inside the string: a backslash before it, or the mark written twice. */
  readonly escape?: 'backslash' | 'doubled';
  /** What begins another one inside, which then needs a close of its own. */
  readonly nests?: string;
  /** Whether it may go over lines. */
  readonly lines?: boolean;
  readonly string?: boolean;
}

export interface Syntax {
  /** The characters that any of the rules can begin with; a quick first look. */
  readonly starts: string;
  readonly rules: readonly Rule[];
  /** What rules cannot say, such as the regular expressions of JavaScript. Asked first. */
  readonly special?: (text: string, at: number) => Span | null;
}

export interface Part extends Span {
  readonly start: number;
  readonly isString: boolean;
}

/** All comments and strings of a text, in order. */
export function partsOf(text: string, syntax: Syntax): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < text.length;) {
    const part = syntax.starts.includes(text.charAt(at)) ? partAt(text, at, syntax) : null;
    if (part !== null) parts.push(part);
    at = part?.end ?? at + 1;
  }
  return parts;
}

/**
 * The text with comments and the insides of strings blanked out: same length, same lines, quotes kept.
 * What is found in it is code. `strings: false` blanks comments only.
 */
export function mask(text: string, syntax: Syntax, strings = true): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, quote, isString } of partsOf(text, syntax)) {
    if (isString && !strings) continue;
    pieces.push(text.slice(from, start + quote), blank(text.slice(start + quote, end - quote)));
    from = end - quote;
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

function partAt(text: string, at: number, syntax: Syntax): Part | null {
  const special = syntax.special?.(text, at) ?? null;
  if (special !== null) return { ...special, start: at, isString: special.isString ?? true };
  for (const rule of syntax.rules) {
    rule.open.lastIndex = at;
    const opened = rule.open.exec(text)?.[0];
    if (opened === undefined) continue;
    const span = rule.close === undefined ? { end: lineEnd(text, at), quote: 0 } : closed(text, at, opened, rule);
    return { ...span, start: at, isString: rule.string === true };
  }
  return null;
}

function closed(text: string, at: number, opened: string, { close = '', escape, nests, lines }: Rule): Span {
  const mark = typeof close === 'string' ? close : close(opened);
  const quote = /^["'`]+$/.test(opened) ? opened.length : 0;
  let depth = 1;
  for (let end = at + opened.length; end < text.length; end += 1) {
    if (lines !== true && text.charAt(end) === '\n') return { end, quote: 0 };
    if (escape === 'backslash' && text.charAt(end) === '\\') end += 1;
    else if (nests !== undefined && text.startsWith(nests, end)) {
      depth += 1;
      end += nests.length - 1;
    } else if (text.startsWith(mark, end)) {
      if (escape === 'doubled' && text.startsWith(mark, end + mark.length)) end += mark.length * 2 - 1;
      else if ((depth -= 1) === 0) return { end: end + mark.length, quote };
      else end += mark.length - 1;
    }
  }
  return { end: text.length, quote: 0 };
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
