/** Rows as CSV with a header; a value with a comma, a quote or a line break is quoted. */
export function toCsv(rows) {
  const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return `${Object.keys(rows[0]).join(',')}\n${rows.map((row) => Object.values(row).map(cell).join(',')).join('\n')}\n`;
}
