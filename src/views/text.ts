/** Text from models and programs, made safe and measured for a terminal. */

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;
/** Characters that move the cursor, recolour the screen or reverse the reading order. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const CONTROL_EXCEPT_LAYOUT = /(?:(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff])+/gu;

/** One printable line: control characters and line ends become spaces. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, ' ').trim();
}

/** Printable lines: tabs and line feeds stay, every other control character goes. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROL_EXCEPT_LAYOUT, '').trimEnd();
}

/** Text in which every character is one column wide: Latin, Greek, Cyrillic, and the arrows, marks and boxes we print ourselves. */
const isPlain = (text: string): boolean =>
  /^[\x20-\x7e\xa0-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u2199\u2500-\u259f\u25b2\u25bc]*$/.test(text);

/** Columns a text takes in a terminal. */
export function widthOf(text: string): number {
  // Splitting into graphemes is slow, and lists have many thousand cells.
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Cuts a text to a number of columns, with an ellipsis where something is missing. */
export function truncate(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += WIDE.test(segment) ? 2 : 1;
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns < 1 ? '' : `${kept.trimEnd()}…`;
}

export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}

/** Breaks prose into lines of at most `width` columns; without a width it stays as it is. */
export function wrap(text: string, width: number | undefined, indent = ''): string {
  const room = width === undefined ? Infinity : Math.max(20, width - indent.length);
  const lines = printable(text)
    .split('\n')
    .flatMap((paragraph) => fill(paragraph, room));
  return lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
}

function fill(paragraph: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
