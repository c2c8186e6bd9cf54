/** Escapes text of models and reviewers for Markdown. */
import { oneLine, printable } from '../views/text.ts';
import { withoutCalls } from './evidence.ts';

/** One line of plain text, without markup, links, images, tags, and references to issues or people. */
export function inline(text: string): string {
  return withoutCalls(oneLine(text.toWellFormed()))
    .replaceAll(/[\\`*_[\]<|~$]/g, '\\$&')
    .replaceAll(/\bhttps?:\/\//gi, (scheme) => scheme.replace('//', '\\/\\/'))
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^([-+#=>])/, '\\$1');
}

/** The same in a table, never empty. */
export function cell(text: string): string {
  return inline(text) || '–';
}

/** A heading with text below it, set off as a quotation line by line; nothing where there is no text. */
export function quote(heading: string, text: string): string {
  const lines = printable(text.toWellFormed()).trim();
  if (lines === '') return '';
  const quoted = lines.split('\n').map((line) => `> ${inline(line)}`.trimEnd());
  return `**${heading}**\n\n${quoted.join('\n>\n')}`;
}
