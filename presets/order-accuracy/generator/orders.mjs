import { createHand, slipCode, writeName } from './writing.mjs';
import { createRandom } from './random.mjs';

const DAYS = 56;
const START = Date.UTC(2026, 2, 2);
/** The house's rule, which a person at the desk applies: a price that is further off than this is not accepted. */
const TOLERATED = 0.05;
/** Half a cent: what rounding may have done to a price. */
const ROUNDING = 0.005;

/** Orders and, line by line, what a person who knows everything would do with them. */
export function createOrders(catalogue, { seed, count }) {
  const random = createRandom(seed);
  const sold = catalogue.filter(({ isSold }) => isSold);
  const others = catalogue.filter(({ isSold }) => !isSold);
  const customers = Array.from({ length: 90 }, (_, index) => ({
    id: `C${String(101 + index)}`,
    hand: createHand(random),
    licence: random.chance(0.8) ? 'yes' : 'no',
    // What a customer needs is a small part of the catalogue, and the same things again and again.
    needs: Array.from({ length: 12 }, () => random.pick(random.chance(0.4) ? sold.filter(({ group }) => group === 'controlled') : sold)),
  }));
  const orders = [];
  while (orders.length < count) {
    const customer = random.pick(customers);
    const day = random.below(DAYS);
    const wanted = Array.from({ length: 1 + Math.floor(random.next() ** 2 * 5) }, () => want(customer, { sold, others, random }));
    const order = { customer, day, wanted, isCopy: false };
    orders.push(order);
    const chance = random.next();
    // Sent again because nobody answered; or ordered again because it is needed again, which looks much the same.
    if (chance < 0.07)
      orders.push({
        ...order,
        day: day + random.below(4),
        isCopy: true,
        wanted: wanted.filter((_, at) => at === 0 || random.chance(0.93)),
      });
    else if (chance < 0.15)
      orders.push({
        ...order,
        day: day + random.pick([4, 5, 7, 7, 7, 14]),
        wanted: wanted.map((line) => (random.chance(0.25) ? again(line, random) : line)),
      });
  }
  orders.sort((a, b) => a.day - b.day);
  return orders.slice(0, count).map((order, index) => write(order, `${seed % 9}${String(1000 + index)}`, catalogue, random));
}

function want({ needs }, { sold, others, random }) {
  const source = random.weighted({ needs: 0.8, any: 0.14, other: 0.06 });
  const article = random.pick({ needs, any: sold, other: others }[source]);
  return { article, quantity: 1 + Math.floor(random.next() ** 2 * 12), isPiecewise: random.next(), priceSlip: random.next() };
}

function again(line, random) {
  return { ...line, quantity: Math.max(1, line.quantity + random.pick([-2, -1, 1, 2, 3])) };
}

function write({ customer, day, wanted, isCopy }, order, catalogue, random) {
  const date = new Date(START + day * 86_400_000).toISOString().slice(0, 10);
  const lines = wanted.map((line, index) => {
    const { row, isClear, isOff } = writeLine(line, customer.hand, catalogue, random);
    const place = { order, line: index + 1 };
    const label = judge(line, { customer, isCopy, isClear, isOff });
    return { row: { ...place, customer: customer.id, licence: customer.licence, date, ...row }, label: { ...place, ...label } };
  });
  return { rows: lines.map(({ row }) => row), labels: lines.map(({ label }) => label) };
}

function writeLine({ article, quantity, isPiecewise, priceSlip }, hand, catalogue, random) {
  const givesCode = hand.givesCode === 'always' ? 0.95 : hand.givesCode === 'often' ? 0.5 : 0.03;
  const code = article.isSold && random.chance(givesCode) ? (random.chance(0.06) ? slipCode(article.code, random) : article.code) : '';
  // With a code at hand, some spare themselves the details.
  const text = code && random.chance(0.15) ? article.family : writeName(article, hand, random);
  const inPieces = article.pack > 1 && isPiecewise < hand.countsPieces;
  const unit = random.chance(0.12)
    ? ''
    : inPieces
      ? random.pick(['pcs', 'pcs', 'pieces', 'ea'])
      : random.pick(article.pack > 1 ? ['box', 'pack', 'pk', 'ctn', 'box'] : ['pcs', 'ea', 'box', 'unit']);
  const amount = inPieces ? quantity * article.pack : quantity;
  const fair = inPieces ? article.price / article.pack : article.price;
  const factor =
    priceSlip < 0.05
      ? 1 + random.pick([-1, 1]) * random.between(0.06, 0.3)
      : priceSlip < 0.06
        ? random.pick([0.1, 10])
        : 1 + random.between(-0.01, 0.01) * (priceSlip < 0.3 ? 3 : 0);
  const quoted = Number((fair * factor).toFixed(2));
  const isOff = Math.abs(quoted - fair) > TOLERATED * fair + ROUNDING;
  const price =
    random.chance(hand.givesPrice) && quoted > 0 ? (random.chance(0.3) ? quoted.toFixed(2).replace('.', ',') : quoted.toFixed(2)) : '';
  const isTold = code === article.code || article.attributes.every((attribute) => keeps(text, attribute));
  return {
    row: { code, text, quantity: amount, unit, price },
    isClear: isTold || siblings(article, text, catalogue) === 0,
    isOff: price !== '' && isOff,
  };
}

/** Does the text still tell this attribute? Its number or its first letters are enough for a person. */
function keeps(text, attribute) {
  const squeezed = text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const core = /[\d.]+/.exec(attribute)?.[0] ?? attribute.replace(/^size /, '').slice(0, 3);
  return (
    squeezed.includes(core.toLowerCase().replaceAll(/[^a-z0-9]/g, '')) ||
    /\b(1000|500|1) (ml|g)\b|0\.5 mg/.test(attribute) ||
    core.length === 3
  );
}

/** How many other articles the text could mean as well. */
function siblings(article, text, catalogue) {
  return catalogue.filter((other) => {
    if (other === article || !other.isSold || other.family !== article.family) return false;
    return other.attributes.every((attribute, index) => attribute === article.attributes[index] || !keeps(text, article.attributes[index]));
  }).length;
}

/** What is wrong with the order comes before what is wrong with the line. */
function judge({ article, quantity }, { customer, isCopy, isClear, isOff }) {
  const group = article.group === 'controlled' ? 'controlled' : '';
  const not = (decision) => ({ decision, code: '', quantity: '', group });
  if (isCopy) return not('duplicate');
  if (!article.isSold) return not('unknown');
  if (!isClear) return not('unclear');
  if (group && customer.licence === 'no') return not('licence');
  if (isOff) return not('price');
  return { decision: 'accept', code: article.code, quantity, group };
}
