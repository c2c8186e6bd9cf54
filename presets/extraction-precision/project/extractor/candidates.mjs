import { findLabel } from './labels.mjs';
import { isIban, PATTERNS, repairDigits } from './patterns.mjs';

/** Everything in a text that may be the value of a field, with a certainty from 0 to 1. */
export function findCandidates(field, lines, rules, settings) {
  const { pattern, toValue, bare } = PATTERNS[field];
  const { certainty, linesBelow } = settings;
  const found = [];
  const add = (text, line, sure) => {
    const repaired = settings.repairDigits ? repairDigits(text) : text;
    for (const match of repaired.matchAll(pattern)) {
      const value = toValue(match[0], settings);
      const isChecked = field === 'iban' && settings.checkIban;
      const checked = isChecked ? (isIban(value) ? certainty.checked : -certainty.checked) : 0;
      found.push({ value, line, sure: sure + checked - (repaired === text ? 0 : certainty.noisy) });
    }
  };
  for (const [index, whole] of lines.entries()) {
    const line = settings.skipCustomer ? withoutOthers(whole, rules.otherParty) : whole;
    let isLabelled = false;
    for (const label of rules.labels[field]) {
      const place = findLabel(line, label, settings);
      if (place === null) continue;
      isLabelled = true;
      const sure = certainty.labelled - place.edits * certainty.fuzzy;
      const before = found.length;
      add(valuePart(line.slice(place.end), field), index, sure);
      for (let below = 1; found.length === before && below <= linesBelow; below++) {
        add(cellUnder(lines[index + below] ?? '', place.end - label.length), index, sure - below * certainty.below);
      }
    }
    if (!isLabelled && bare === true) add(line, index, certainty.bare);
  }
  return found;
}

/** Blanks the parts of a line that are about the customer or an old account; the rest keeps its place. */
function withoutOthers(line, words) {
  const isOther = (part) => words.some((word) => part.toLowerCase().includes(word.toLowerCase()));
  return line.replaceAll(/(?:(?! \| | {3}).)+/g, (part) => (isOther(part) ? ' '.repeat(part.length) : part));
}

/** Of an amount, what follows the rate of the tax; of the rest, up to the next column. */
function valuePart(text, field) {
  if (field === 'vat') return text.replace(/^\s*\d+\s*%/, '');
  return text.split(' | ')[0];
}

/** In a table, the value stands under its label. */
function cellUnder(line, column) {
  const cell = line.slice(Math.max(0, column - 2));
  return cell.trimStart().split(/ {2,}/)[0];
}
