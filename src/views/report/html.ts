/** HTML by tagged template: every value is escaped unless it is markup that this tag made itself. */

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Control characters have no place in HTML text, and reversed reading order can disguise what a line says. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu;

function escapeHtml(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  // Removes the indentation of the source, which would be repeated in ten thousand rows.
  return new Markup(parts.map((part, i) => part.replace(/\n\s+/g, '\n') + render(values[i])).join(''));
}

function render(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeHtml(String(value));
}

const LONGEST_LINE = 2000;

/** A line of a diff or a log, cut where it is a whole file on one line. */
export function clipLine(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} … ${line.length - LONGEST_LINE} more characters` : line;
}

/** An element around text of our own, byte for byte: a policy names a script by the hash of exactly what is between the tags. */
export function verbatim(tag: string, text: string): Markup {
  return new Markup(`<${tag}>${text}</${tag.split(' ', 1)[0]}>`);
}
