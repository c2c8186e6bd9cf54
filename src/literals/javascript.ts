import { asForms, type Form, type Language } from './forms.ts';
import { lineEnd, type Span } from './mask.ts';
import { NOTATION } from './notation.ts';
import { BLOCK, DOUBLE, SINGLE, SLASHES, syntaxOf } from './rules.ts';

const FORMS: readonly Form[] = [
  { lead: String.raw`(?<![\w$.#])NAME\s*(?::[^=;,(){}\n]+)?=(?![=>])\s*`, outside: '(', ends: endsExpression },
  { lead: String.raw`(?<![\w$.#])`, key: { after: '{,', between: String.raw`\s*:\s*` }, inside: '{', ends: endsExpression, fallback: true },
];

/** JavaScript and TypeScript: `const NAME = 1`, `NAME = 1`; where there is none, `name: 1` in an object. */
export const JAVASCRIPT: Language = {
  name: 'JavaScript and TypeScript',
  extensions: ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'],
  syntax: { ...syntaxOf(SLASHES, BLOCK, DOUBLE, SINGLE), special },
  notation: NOTATION,
  open: asForms(FORMS, String.raw`[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*`),
};

function endsExpression(masked: string, end: number): boolean {
  const rest = masked.slice(end).replace(/^[ \t]*(?:as|satisfies)[ \t]+[\w.]+/, '');
  return endsAtLine(rest);
}

/** Without a semicolon the next line goes on with the expression when it begins with an operator. */
export function endsAtLine(rest: string): boolean {
  return /^[ \t]*(?:[;,)}\]]|\r?$)/.test(rest) || /^[ \t\r]*\n\s*(?![-+*/%.?<>=&|^([\s])/.test(rest);
}

function special(text: string, at: number): Span | null {
  if (text.charAt(at) === '`') return templateSpan(text, at);
  if (text.charAt(at) !== '/' || text.startsWith('//', at) || text.startsWith('/*', at)) return null;
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
    } else if (char === '"' || char === "'") end = quotedEnd(text, end, char) - 1;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
  }
  return { end: text.length, quote: 0 };
}

function quotedEnd(text: string, at: number, quote: string): number {
  for (let end = at + 1; end < text.length; end += 1) {
    const char = text.charAt(end);
    if (char === quote) return end + 1;
    if (char === '\n') return end;
    if (char === '\\') end += 1;
  }
  return text.length;
}
