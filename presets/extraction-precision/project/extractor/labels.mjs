/** Where a label stands in a line: its end, and how many letters are wrong; null where it is not there. */
export function findLabel(line, label, { labelEdits, wholeLabel }) {
  const lower = line.toLowerCase();
  const wanted = label.toLowerCase();
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    const [before, after] = [lower[at - 1] ?? ' ', lower[at + wanted.length] ?? ' '];
    const isWhole = !/[\p{L}\d]/u.test(before) && !/\p{L}/u.test(after);
    // "Date" inside "Due date" is another label's end.
    if (isWhole && !(wholeLabel && /[\p{L}.] ?$/u.test(line.slice(0, at)))) return { end: at + wanted.length, edits: 0 };
  }
  if (labelEdits === 0 || wanted.length < 4) return null;
  const start = lower.slice(0, wanted.length);
  const edits = distance(start, wanted);
  return edits <= labelEdits ? { end: wanted.length, edits } : null;
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
