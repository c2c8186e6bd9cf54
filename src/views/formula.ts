/**
 * A text for a cell of a table that people open in a spreadsheet: one that would be run as a formula gets the quote that
 * makes it text. Also behind blanks and quotes, and in the wide forms that some spreadsheets read alike.
 */
export function withoutFormula(text: string): string {
  return /^[\s\p{Cf}"]*[=+\-@\t\r＝＋－＠]/u.test(text) ? `'${text}` : text;
}
