// How customers write what they want: abbreviations, left-out words, slips of the finger, other ways to write a number.

const SHORT = {
  examination: 'exam', sterile: 'ster', surgical: 'surg', 'powder-free': 'pf', disinfectant: 'disinf', ampoules: 'amp', tablets: 'tab',
  capsules: 'cps', suppositories: 'supp', infusion: 'inf', compress: 'comp', needle: 'ndl', peripheral: 'periph', hypodermic: 'hypo',
  'prolonged-release': 'retard', container: 'cont', bandage: 'band', 'non-sterile': 'unster', sodium: 'na', chloride: 'cl', size: 'sz',
  collection: 'coll', syringe: 'syr', without: 'w/o', with: 'w/', paracetamol: 'paracet', morphine: 'morph', respirator: 'mask',
}; // prettier-ignore

/** Other names that customers use for the same thing, and that no spelling leads to. */
const OTHER_WORDS = {
  compress: 'swab', dressing: 'plaster', cannula: 'iv catheter', gown: 'coverall', gel: 'rub', gauze: 'cotton', tube: 'vial',
  'prolonged-release': 'sr', paracetamol: 'acetaminophen', metamizole: 'dipyrone', nitrile: 'blue', powdered: 'w/ powder',
}; // prettier-ignore

const KEYS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890'];

/** How one customer writes: some take care, some do not. */
export function createHand(random) {
  const care = random.next();
  return {
    abbreviates: random.chance(0.5) ? random.between(0.2, 0.8) : 0.05,
    otherWords: random.between(0, 0.35),
    leavesOut: random.between(0.01, 0.16),
    slips: care < 0.25 ? 0.025 : care < 0.7 ? 0.008 : 0.002,
    givesCode: random.weighted({ always: 0.25, often: 0.3, never: 0.45 }),
    givesPrice: random.chance(0.75) ? 0.95 : 0.3,
    countsPieces: random.chance(0.3) ? 0.6 : 0.06,
    isTight: random.chance(0.4),
    swaps: random.chance(0.3),
    isUpper: random.chance(0.15),
  };
}

/** The words of an article as this customer would write them. */
export function writeName({ family, attributes, brand, pack }, hand, random) {
  const words = family.split(' ').flatMap((word, index) => writeWord(word, hand, random, index === 0));
  const details = attributes.flatMap((attribute) => {
    if (random.chance(hand.leavesOut * 0.25)) return [];
    return [hand.isTight || random.chance(0.2) ? tighten(attribute, random) : attribute]
      .join(' ')
      .split(' ')
      .flatMap((word) => writeWord(word, hand, random, true));
  });
  const parts = hand.swaps && random.chance(0.7) ? [...details, ...words] : [...words, ...details];
  if (random.chance(0.25)) parts.push(brand);
  if (pack > 1 && random.chance(0.5)) parts.push(random.pick([`${pack}er`, `pack of ${pack}`, `${pack} pcs`, `x${pack}`]));
  const text = slip(parts.join(' '), hand.slips, random);
  return hand.isUpper ? text.toUpperCase() : random.chance(0.5) ? text.toLowerCase() : text;
}

function writeWord(word, { abbreviates, otherWords, leavesOut }, random, isNeeded) {
  const plain = word.toLowerCase();
  if (!isNeeded && random.chance(leavesOut)) return [];
  if (OTHER_WORDS[plain] && random.chance(otherWords)) return [OTHER_WORDS[plain]];
  if (SHORT[plain] && random.chance(abbreviates)) return [random.chance(0.5) ? `${SHORT[plain]}.` : SHORT[plain]];
  return [word];
}

/** `5 ml` as `5ml`, `0.5 mg` as `0,5mg`, `1000 ml` as `1l`, `1 g` as `1000 mg`. */
function tighten(attribute, random) {
  let text = attribute;
  if (random.chance(0.3))
    text = text
      .replace(/\b1000 ml\b/, '1 l')
      .replace(/\b500 ml\b/, '0.5 l')
      .replace(/\b1 g\b/, '1000 mg')
      .replace(/\b0\.5 mg\b/, '500 mcg');
  if (random.chance(0.3)) text = text.replace(/(\d)\.(\d)/g, '$1,$2');
  return text.replace(/(\d) (ml|mg|g|l|cm|mm|mcg|%)/g, '$1$2').replace(/size (\S+)/, random.chance(0.5) ? '$1' : 'sz $1');
}

/** Each character may be left out, doubled, swapped with the next one, or hit on a neighbouring key. */
function slip(text, rate, random) {
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (!random.chance(rate)) {
      out += char;
      continue;
    }
    const kind = random.weighted({ omit: 3, double: 2, swap: 3, neighbour: 3 });
    if (kind === 'double') out += char + char;
    else if (kind === 'swap' && at + 1 < text.length) out += text[++at] + char;
    else if (kind === 'neighbour') out += neighbour(char, random);
  }
  return out;
}

export function slipCode(code, random) {
  const at = random.pick([0, 1, 3, 4, 5, 6]);
  if (random.chance(0.4) && at < 6 && at !== 1) return code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2);
  return code.slice(0, at) + String(random.below(10)) + code.slice(at + 1);
}

function neighbour(char, random) {
  const row = KEYS.find((keys) => keys.includes(char.toLowerCase()));
  if (row === undefined) return char;
  const at = row.indexOf(char.toLowerCase());
  return row[Math.min(row.length - 1, Math.max(0, at + random.pick([-1, 1])))];
}
