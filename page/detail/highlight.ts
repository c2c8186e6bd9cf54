/** Colours for code in any language: comments, texts, numbers and the words that most languages share. A guess by line, as a diff is read. */

export interface Token {
  readonly text: string;
  readonly kind: 'comment' | 'string' | 'number' | 'word' | null;
}

const WORDS =
  'and as async await break case class const continue def del do elif else enum export extends false finally fn for from func function global if impl import in interface is lambda let match mod mut new nil none not null or pass pub raise return self static struct super switch this throw true try type use var void while with yield';
const KEYWORDS = new Set(WORDS.split(' '));
/** Each alternative matches at least one character and no alternative can match in two ways, so the time is linear. */
const PATTERN =
  /(?<comment>#(?![0-9a-f]{3,8}\b).*|\/\/.*|--\s.*)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|(?<number>\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<word>[A-Za-z_]\w*)/giu;
const LONGEST = 500;

export function highlight(line: string): Token[] {
  // A line that long is data.
  if (line.length > LONGEST) return [{ text: line, kind: null }];
  const tokens: Token[] = [];
  const add = (text: string, kind: Token['kind']): void => {
    const last = tokens.at(-1);
    if (text === '') return;
    if (last !== undefined && last.kind === kind) tokens[tokens.length - 1] = { text: last.text + text, kind };
    else tokens.push({ text, kind });
  };
  let at = 0;
  for (const match of line.matchAll(PATTERN)) {
    add(line.slice(at, match.index), null);
    add(match[0], kindOf(match.groups ?? {}));
    at = match.index + match[0].length;
  }
  add(line.slice(at), null);
  return tokens;
}

function kindOf({ comment, string, number, word }: Readonly<Record<string, string | undefined>>): Token['kind'] {
  if (comment !== undefined) return 'comment';
  if (string !== undefined) return 'string';
  if (number !== undefined) return 'number';
  return word !== undefined && KEYWORDS.has(word.toLowerCase()) && !/^[A-Z]{2}/.test(word) ? 'word' : null;
}
