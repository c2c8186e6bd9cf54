/** What single cells of a log say. */

const NUMBER = /^[~≈<>=]?\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(?:%|(?:±|\+\/-|\(|@).*|x|[a-zµ]{1,3}(?:\/[a-z]{1,5})?)?$/i;

/** The text without quotes around it and the marks of Markdown. */
export function plainCell(cell: string): string {
  const text = cell.trim();
  const unquoted = /^"(?:[^"]|"")*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"').trim() : text;
  return unquoted.replace(/^(\*\*|__|~~|`)(.*)\1$/, '$2').trim();
}

/** Whether a cell says that there is nothing. */
export function isMissing(cell: string): boolean {
  return /^(?:|-+|–|—|n\/?a|nan|none|null|nil|undefined|unknown|\?|tbd|[+-]?inf(?:inity)?)$/i.test(plainCell(cell));
}

/** The number of a cell: also with a unit, a percent sign, or commas for thousands. Null for none. */
export function readNumber(cell: string): number | null {
  let text = plainCell(cell);
  if (/^[+-]?\d{1,3}(?:,\d{3})+(?!\d)/.test(text)) text = text.replaceAll(',', '');
  const found = NUMBER.exec(text)?.[1];
  const value = Number(found ?? NaN);
  return Number.isFinite(value) ? value : null;
}

/** Words in place of a number, such as OOM: there is no value. Digits that are no number are a mistake. */
export function isWords(cell: string): boolean {
  return !/\d/.test(plainCell(cell));
}

export function isCommitId(text: string): boolean {
  return /^[0-9a-f]{6,64}$/i.test(text) && /\d/.test(text);
}

export function quote(text: string): string {
  const shown = text.replaceAll('\t', '⇥').replaceAll(/\p{Cc}/gu, '�');
  return `"${shown.length > 60 ? `${shown.slice(0, 59).replace(/[\uD800-\uDBFF]$/, '')}…` : shown}"`;
}
