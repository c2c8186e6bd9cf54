import { bracketAround, mask } from './mask.ts';
import { escape, literalsFirst, siteAt, type Locator } from './site.ts';

/** Python: `NAME = 1`, `NAME: int = 1`; where there is none, `name=1` in brackets or `"name": 1` in a dict. */
export function locatePython(text: string): Locator {
  const masked = mask(text, 'python');
  const siteAfter = (ending: RegExp) => (match: RegExpExecArray) =>
    siteAt(text, match.index + match[0].length, (end) => ending.test(masked.slice(end)));
  const isKey = ({ index, 1: quote }: RegExpExecArray) => masked.charAt(index) === quote && /[{,]$/.test(masked.slice(0, index).trimEnd());

  return (name) => {
    const statement = new RegExp(`(?<=^[ \\t]*|;[ \\t]*)${escape(name)}[ \\t]*(?::[^=\\n]+)?=(?!=)[ \\t]*`, 'gm');
    const statements = [...masked.matchAll(statement)].filter(({ index }) => bracketAround(masked, index) === '');
    if (statements.length > 0) return statements.map(siteAfter(/^[ \t\r]*(?:\n|;|$)/));
    const argument = new RegExp(`(?<=[(,]\\s*)${escape(name)}\\s*(?::[^=,()\\n]+)?=(?!=)\\s*`, 'g');
    const entry = new RegExp(`(["'])${escape(name)}\\1\\s*:\\s*`, 'g');
    const matches = [...masked.matchAll(argument), ...[...text.matchAll(entry)].filter(isKey)];
    return literalsFirst(matches.map(siteAfter(/^\s*[,)}\]]/)));
  };
}
