import { DUPLICATE_DAYS, DUPLICATE_SHARE } from './settings.mjs';

const DAY = 86_400_000;

/** The orders that repeat an earlier one of the same customer. */
export function findDuplicates(matched) {
  const duplicates = new Set();
  const earlier = new Map();
  for (const [order, lines] of Map.groupBy(matched, ({ row }) => row.order)) {
    const { customer, date } = lines[0].row;
    const contents = new Set(lines.map(({ row, ranked }) => `${ranked[0].article.code} ${row.quantity}`));
    const before = earlier.get(customer) ?? [];
    if (before.some((other) => isRepeat(contents, Date.parse(date), other))) duplicates.add(order);
    earlier.set(customer, [...before, { contents, time: Date.parse(date) }]);
  }
  return duplicates;
}

function isRepeat(contents, time, other) {
  if (time - other.time > DUPLICATE_DAYS * DAY) return false;
  const same = [...contents].filter((each) => other.contents.has(each)).length;
  return same / Math.max(contents.size, other.contents.size) >= DUPLICATE_SHARE;
}
