/** How a language writes comments and strings. */
export type Syntax = 'js' | 'python' | 'toml';

/**
 * The text with comments and the insides of strings blanked out: same length, same lines, quotes kept.
 * What is found in it is code. `strings: false` blanks comments only.
 */
export function mask(text: string, syntax: Syntax, strings = true): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length;) {
    const span = spanAt(text, at, syntax);
    if (span === null) {
      at += 1;
      continue;
    }
    const quote = span.quote;
    if (quote === 0 || strings) parts.push(text.slice(from, at + quote), blank(text.slice(at + quote, span.end - quote)));
    else parts.push(text.slice(from, span.end - quote));
    from = span.end - quote;
    at = span.end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** The bracket that is open around an offset of a masked text, or '' outside all brackets. */
export function bracketAround(masked: string, offset: number): string {
  const open: string[] = [];
  for (let at = 0; at < offset; at += 1) {
    const char = masked.charAt(at);
    if ('([{'.includes(char)) open.push(char);
    else if (')]}'.includes(char)) open.pop();
  }
  return open.at(-1) ?? '';
}

interface Span {
  readonly end: number;
  /** How many characters of quotes stay visible at each end. */
  readonly quote: number;
}

function spanAt(text: string, at: number, syntax: Syntax): Span | null {
  const char = text.charAt(at);
  if (char === '#' && syntax !== 'js') return { end: lineEnd(text, at), quote: 0 };
  if (char === '/' && syntax === 'js') return slashSpan(text, at);
  if (char === '`' && syntax === 'js') return templateSpan(text, at);
  if (char !== '"' && char !== "'") return null;
  const triple = char.repeat(3);
  if (syntax !== 'js' && text.startsWith(triple, at)) {
    const end = text.indexOf(triple, at + 3);
    return { end: end < 0 ? text.length : end + 3, quote: end < 0 ? 0 : 3 };
  }
  return quotedSpan(text, at, char, syntax === 'toml' && char === "'");
}

function quotedSpan(text: string, at: number, quote: string, literal: boolean): Span {
  for (let end = at + 1; end < text.length; end += 1) {
    const char = text.charAt(end);
    if (char === quote) return { end: end + 1, quote: 1 };
    if (char === '\n') return { end, quote: 0 };
    if (char === '\\' && !literal) end += 1;
  }
  return { end: text.length, quote: 0 };
}

function slashSpan(text: string, at: number): Span | null {
  if (text.startsWith('//', at)) return { end: lineEnd(text, at), quote: 0 };
  if (text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at + 2);
    return { end: end < 0 ? text.length : end + 2, quote: 0 };
  }
  // After a value a slash divides; anywhere else it begins a regular expression.
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  if (/[\w$)\]}]$/.test(before) && !/\b(return|typeof|case|in|of|do|else)$/.test(before)) return null;
  const match = /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//.exec(text.slice(at, lineEnd(text, at)));
  return match === null ? null : { end: at + match[0].length, quote: 1 };
}

function templateSpan(text: string, at: number): Span {
  let depth = 0;
  for (let end = at + 1; end < text.length; end += 1) {
    const char = text.charAt(end);
    if (char === '\\') end += 1;
    else if (char === '`' && depth === 0) return { end: end + 1, quote: 1 };
    else if (char === '`') end = templateSpan(text, end).end - 1;
    else if (depth === 0) {
      if (text.startsWith('${', end)) [depth, end] = [1, end + 1];
    } else if (char === '"' || char === "'") end = quotedSpan(text, end, char, false).end - 1;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
  }
  return { end: text.length, quote: 0 };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
