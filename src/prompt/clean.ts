/**
 * Makes text from programs and records safe to show to an agent: no terminal escapes, no control
 * characters, no invisible direction marks, not longer than the limit.
 */
export function cleanText(text: string, limit: number): string {
  const visible = text
    // eslint-disable-next-line no-control-regex
    .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])/g, '')
    .replace(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, (char) => (char === '\n' || char === '\t' ? char : ''));
  return visible.length <= limit ? visible : `${visible.slice(0, Math.max(0, limit - 1))}…`;
}

/** The same on one line. */
export function cleanLine(text: string, limit: number): string {
  return cleanText(cleanText(text, Infinity).replace(/\s+/g, ' ').trim(), limit);
}
