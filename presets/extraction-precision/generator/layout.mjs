/** Lines of label and value in the form the layout gives them. */
export function layOut(random, layout, entries) {
  if (layout === 'lines') return entries.map(([label, value]) => `${label}${random.pick([': ', ' : ', ' ', ':  '])}${value}`);
  const rows = [];
  for (let at = 0; at < entries.length;) {
    const count = random.between(2, 3);
    const row = entries.slice(at, at + count);
    at += count;
    rows.push(
      ...(layout === 'columns' ? columns(row) : [row.map(([label, value]) => `${label} ${value}`).join(random.pick(['   ', ' | ']))]),
    );
  }
  return rows;
}

/** Labels side by side, and the values under them. */
function columns(row) {
  const widths = row.map(([label, value]) => Math.max(label.length, value.length) + 3);
  const line = (part) =>
    row
      .map((entry, index) => entry[part].padEnd(widths[index]))
      .join('')
      .trimEnd();
  return [line(0), line(1)];
}

/** Amounts stand on the right, as in a table. */
export function table(entries, layout) {
  if (layout === 'dense') return entries.map(([label, value]) => `${label} ${value}`);
  return entries.map(([label, value]) => `${label.padEnd(30)}${value.padStart(16)}`);
}
