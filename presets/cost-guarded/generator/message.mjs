import { QUEUES, TAILS } from './words.mjs';

const NAMES = Object.keys(QUEUES);
/** The queues with rules of law are the rarer ones. */
const COMMON = [...NAMES, 'billing', 'delivery', 'returns'];
/** The queues that a model mixes up when it is not sure. */
const NEAR = {
  billing: 'fraud',
  fraud: 'billing',
  delivery: 'complaint',
  returns: 'complaint',
  complaint: 'returns',
  technical: 'billing',
  sales: 'returns',
  privacy: 'sales',
};

const PLAIN = { small: 0.93, large: 0.985 };
const VAGUE = { small: 0.7, large: 0.91 };

/** Messages in the order they come; one in eight is sent again, with another greeting or number. */
export function makeMessages(random, count, prefix) {
  const messages = [];
  for (let index = 0; index < count; index++) {
    const id = `${prefix}-${String(index + 1).padStart(4, '0')}`;
    const again = random.chance(0.12) && messages.length > 20 ? messages[messages.length - random.between(1, 20)] : null;
    messages.push(
      again === null
        ? makeMessage(random, id)
        : { ...again, id, text: random.chance(0.5) ? again.text : again.text.replace(/\d+/, random.digits(5)) },
    );
  }
  return messages;
}

function makeMessage(random, id) {
  const queue = random.pick(COMMON);
  const isVague = random.chance(0.3);
  const opening = random.pick(QUEUES[queue][isVague ? 'vague' : 'plain']);
  const tails = Array.from({ length: random.between(1, 3) }, () => random.pick(TAILS));
  const text = [random.pick(['Hello,', 'Hi', 'Guten Tag,', '']), opening, random.digits(5), ...tails].filter(Boolean).join(' ');
  return { id, text: mistype(random, text), ...answers(random, queue, isVague ? VAGUE : PLAIN), label: queue };
}

/** The recorded answers of a small and a large model. The small one is less sure where it is wrong, but not always. */
function answers(random, queue, right) {
  const smallIsRight = random.chance(right.small);
  const sure = 1 - (smallIsRight ? 0.35 * random.unit() ** 2 : 0.05 + 0.6 * random.unit());
  const wrong = random.chance(0.7) ? NEAR[queue] : random.pick(NAMES.filter((name) => name !== queue));
  return {
    small: { queue: smallIsRight ? queue : wrong, sure: Number(sure.toFixed(3)) },
    large: { queue: random.chance(right.large) ? queue : wrong },
  };
}

function mistype(random, text) {
  return Array.from(text, (sign) => (random.chance(0.012) ? random.pick(['', sign + sign, 'e']) : sign)).join('');
}
