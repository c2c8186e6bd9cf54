/** What a cheap scanner mistakes for what. */
const CONFUSED = {
  0: 'O',
  O: '0',
  1: 'l',
  l: '1',
  I: '1',
  5: 'S',
  S: '5',
  8: 'B',
  B: '8',
  6: 'G',
  2: 'Z',
  Z: '2',
  7: '1',
  3: '8',
  9: 'g',
  e: 'c',
  n: 'ri',
  m: 'rn',
  '.': ',',
  ',': '.',
  ':': ';',
  '/': '1',
};

/** Errors per character of the text at each level of noise. */
const RATES = [0.001, 0.006, 0.016, 0.035];

/** What is left of them when a page is scanned again, slowly. */
const RESCAN_SHARE = 0.22;

/** The text as a scanner reads it. */
export function scan(random, text, level, isSlow = false) {
  const rate = RATES[level] * (isSlow ? RESCAN_SHARE : 1);
  const read = Array.from(text, (sign) => (random.chance(rate) ? misread(random, sign) : sign)).join('');
  // On bad paper a line is sometimes lost, and columns run together.
  const lines = read.split('\n').filter(() => !random.chance(rate * 0.5));
  return lines.map((line) => (random.chance(rate * 2) ? line.replaceAll(/ {2,}/g, ' ') : line)).join('\n');
}

function misread(random, sign) {
  if (sign === '\n') return sign;
  const kind = random.unit();
  if (kind < 0.6 && CONFUSED[sign] !== undefined) return CONFUSED[sign];
  if (kind < 0.8) return '';
  return kind < 0.93 ? `${sign} ` : random.pick(['~', '.', '|', '-']);
}
