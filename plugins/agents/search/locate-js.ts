import { bracketAround, mask } from './mask.ts';
import { escape, literalsFirst, siteAt, type Locator } from './site.ts';

/** JavaScript and TypeScript: `const NAME = 1`, `NAME = 1`; where there is none, `name: 1` in an object. */
export function locateJs(text: string): Locator {
  const masked = mask(text, 'js');
  const siteAfter = (match: RegExpExecArray) => siteAt(text, match.index + match[0].length, (end) => endsExpression(masked, end));
  const isKey = ({ index, 1: quote = '' }: RegExpExecArray) =>
    masked.charAt(index) === (quote || text.charAt(index)) &&
    /[{,]$/.test(masked.slice(0, index).trimEnd()) &&
    bracketAround(masked, index) === '{';

  return (name) => {
    const assigned = new RegExp(`(?<![\\w$.#])${escape(name)}\\s*(?::[^=;,(){}\\n]+)?=(?![=>])\\s*`, 'g');
    const assignments = [...masked.matchAll(assigned)].filter(({ index }) => bracketAround(masked, index) !== '(');
    if (assignments.length > 0) return assignments.map(siteAfter);
    const property = new RegExp(`(?<![\\w$.#])(["']?)${escape(name)}\\1\\s*:\\s*`, 'g');
    return literalsFirst([...text.matchAll(property)].filter(isKey).map(siteAfter));
  };
}

function endsExpression(masked: string, end: number): boolean {
  const rest = masked.slice(end).replace(/^[ \t]*(?:as|satisfies)[ \t]+[\w.]+/, '');
  if (/^[ \t]*(?:[;,)}\]]|$)/.test(rest)) return true;
  // Without a semicolon the next line goes on with the expression when it begins with an operator.
  return /^[ \t\r]*\n\s*(?![-+*/%.?<>=&|^([\s])/.test(rest);
}
