// The one editable file: a byte-level language model and the loop that trains it.
//
// The model predicts text one bit at a time. For several contexts (the last byte, the last two and
// so on) a hash table keeps the probability that the next bit is 1; a mixer that is trained on the
// way, in effect a one-layer neural network, weighs those opinions into one.
// Run it: `node train.mjs`; evaluate.mjs then asks it, started with `serve`, to compress text it has not seen.

import { serveModel } from './coder.mjs';
import { budgetUsed, fail, loadTrainingText, readModel, saveModel } from './prepare.mjs';

// Contexts: which numbers of preceding bytes are looked up, and extra kinds of context.
const ORDERS = '1 2 3 4';
const USE_WORD_CONTEXT = false;
const USE_SKIP_CONTEXT = false;
const USE_COLUMN_CONTEXT = false;

// The hash table: log2 of its size, and whether a context that lost its place starts afresh.
const HASH_BITS = 22;
const CHECK_COLLISIONS = false;

// Counters: the first step towards a seen bit, and how many bits later the step stops shrinking.
const COUNTER_FIRST_RATE = 0.4;
const COUNTER_LIMIT = 20;

// Mixer: its steps, its first weights, and what chooses between its sets of weights.
const MIXER_RATE = 0.002;
const MIXER_INITIAL_WEIGHT = 0.3;
const MIXER_SELECTOR = 'none';
const MIXER_SKIP_ERROR = 0;

// How certain a single context, and the final prediction, may become.
const STRETCH_LIMIT = 5;
const PROBABILITY_FLOOR = 0.001;

// A last stage that corrects the mixed probability by what happened after similar ones.
const USE_CORRECTION = false;
const CORRECTION_RATE = 0.02;
const CORRECTION_WEIGHT = 0.5;

// Where in the training text to begin, and how fast to go on learning during evaluation.
const TRAINING_START = 0;
const EVALUATION_COUNTER_SCALE = 1;
const EVALUATION_MIXER_SCALE = 1;

const SEED = Number(process.env.AUTORESEARCH_SEED ?? 0) >>> 0;

const COUNT_BITS = 10;
const COUNT_MASK = (1 << COUNT_BITS) - 1;
const PROBABILITY_ONE = 2 ** (32 - COUNT_BITS) - 1;
const EMPTY_COUNTER = (1 << 31) >>> 0;
const SLOT_SIZE = 16;
const MIXER_BIAS = 0.3;
const CORRECTION_STEPS = 24;
const HISTORY_SIZE = 16;
const SECTIONS = 10;
const REHEARSAL_BYTES = 65_536;
const PAGE_BYTES = 1024;

/** ln(p / (1 - p)) of a counter's upper twelve bits, limited on both sides. */
const STRETCH = Float64Array.from({ length: 4096 }, (_, i) => {
  const probability = (i + 0.5) / 4096;
  const stretched = Math.log(probability / (1 - probability));
  return Math.max(-STRETCH_LIMIT, Math.min(STRETCH_LIMIT, stretched));
});

class LanguageModel {
  constructor(seed) {
    this.orders = ORDERS.split(' ').map(Number);
    const extras = [USE_WORD_CONTEXT, USE_SKIP_CONTEXT, USE_COLUMN_CONTEXT].filter(Boolean);
    const contextCount = this.orders.length + extras.length;
    // The mixer has one input per context and a constant one, its bias.
    const inputCount = contextCount + 1;
    this.salt = mixHash(seed, 0x5bd1e995);

    // One table for all contexts; an entry is a probability (high 22 bits) and a count (low 10).
    this.table = new Uint32Array(2 ** HASH_BITS).fill(EMPTY_COUNTER);
    this.contexts = new Int32Array(contextCount);
    this.slots = new Int32Array(contextCount);

    this.inputs = new Float64Array(inputCount).fill(MIXER_BIAS);
    this.weights = new Float64Array(256 * inputCount).fill(MIXER_INITIAL_WEIGHT);
    this.weightSet = 0;
    this.mixed = 0.5;
    this.stretched = 0;

    this.correction = USE_CORRECTION ? createCorrection() : undefined;
    this.correctionIndex = 0;

    this.history = new Uint8Array(HISTORY_SIZE);
    this.wordHash = 0;
    this.column = 0;
    this.partialByte = 1;
    this.node = 1;

    this.setAdaptation(1, 1);
    this.startByte();
  }

  /** Sets how fast counters and mixer learn, relative to the rates in training. */
  setAdaptation(counterScale, mixerScale) {
    this.counterRates = Float64Array.from({ length: COUNT_MASK + 1 }, (_, count) =>
      Math.min(1, counterScale / (Math.min(count, COUNTER_LIMIT) + 1 / COUNTER_FIRST_RATE)),
    );
    this.mixerRate = MIXER_RATE * mixerScale;
  }

  /** The probability that the next bit is 1. */
  predict() {
    const { table, slots, inputs, weights, node } = this;
    let known = 0;
    for (let i = 0; i < slots.length; i++) {
      const entry = table[slots[i] + node];
      if ((entry & COUNT_MASK) !== 0) known++;
      inputs[i] = STRETCH[entry >>> 20];
    }
    this.weightSet = this.selectWeights(known) * inputs.length;
    let sum = 0;
    for (let i = 0; i < inputs.length; i++) sum += weights[this.weightSet + i] * inputs[i];
    this.stretched = sum;
    this.mixed = squash(sum);

    const probability = USE_CORRECTION ? this.corrected() : this.mixed;
    return Math.max(PROBABILITY_FLOOR, Math.min(1 - PROBABILITY_FLOOR, probability));
  }

  /** Which set of mixer weights to use; `known` is how many contexts were seen before. */
  selectWeights(known) {
    switch (MIXER_SELECTOR) {
      case 'partial':
        return this.partialByte;
      case 'last':
        return this.history[0];
      case 'known':
        return known;
      default:
        return 0;
    }
  }

  corrected() {
    const half = CORRECTION_STEPS / 2;
    const place = Math.max(-half, Math.min(half - 0.001, this.stretched)) + half;
    const below = Math.floor(place);
    const context = (this.history[0] << 8) | this.partialByte;
    const index = context * (CORRECTION_STEPS + 1) + below;
    const part = place - below;
    this.correctionIndex = part < 0.5 ? index : index + 1;
    const corrected = this.correction[index] * (1 - part) + this.correction[index + 1] * part;
    return this.mixed + (corrected - this.mixed) * CORRECTION_WEIGHT;
  }

  /** Learns that the next bit was `bit`, and moves on. */
  update(bit) {
    const { table, slots, inputs, weights, weightSet, counterRates, node } = this;
    const error = bit - this.mixed;
    if (Math.abs(error) > MIXER_SKIP_ERROR) {
      const step = error * this.mixerRate;
      for (let i = 0; i < inputs.length; i++) weights[weightSet + i] += step * inputs[i];
    }
    if (USE_CORRECTION) {
      const index = this.correctionIndex;
      this.correction[index] += (bit - this.correction[index]) * CORRECTION_RATE;
    }

    const target = bit * PROBABILITY_ONE;
    for (let i = 0; i < slots.length; i++) {
      const index = slots[i] + node;
      const entry = table[index];
      const count = entry & COUNT_MASK;
      let probability = entry >>> COUNT_BITS;
      probability += ((target - probability) * counterRates[count]) | 0;
      table[index] = (probability << COUNT_BITS) | (count < COUNTER_LIMIT ? count + 1 : count);
    }

    this.partialByte = (this.partialByte << 1) | bit;
    this.node = (node << 1) | bit;
    if (this.partialByte >= 256) this.endByte(this.partialByte & 255);
    else if (this.node >= SLOT_SIZE) this.startHalfByte();
  }

  endByte(byte) {
    this.history.copyWithin(1, 0, HISTORY_SIZE - 1);
    this.history[0] = byte;
    const lower = byte | 32;
    this.wordHash = lower >= 97 && lower <= 122 ? mixHash(this.wordHash, lower) : 0;
    this.column = byte === 10 ? 0 : this.column + 1;
    this.partialByte = 1;
    this.startByte();
  }

  /** Hashes every context of the byte to come. */
  startByte() {
    const { history, contexts, orders } = this;
    let next = 0;
    let context = this.salt;
    for (let order = 1; next < orders.length; order++) {
      context = mixHash(context, history[order - 1] + 1);
      if (order === orders[next]) contexts[next++] = context;
    }
    if (USE_WORD_CONTEXT) contexts[next++] = mixHash(this.wordHash, this.salt + 1);
    if (USE_SKIP_CONTEXT) {
      contexts[next++] = mixHash((history[1] << 8) | history[2], this.salt + 2);
    }
    if (USE_COLUMN_CONTEXT) {
      contexts[next++] = mixHash((Math.min(this.column, 255) << 8) | history[0], this.salt + 3);
    }
    this.startHalfByte();
  }

  /**
   * Finds every context's slot: the fifteen counters of a half byte lie side by side in memory,
   * so that a context costs two cache misses a byte instead of eight.
   */
  startHalfByte() {
    const { table, contexts, slots } = this;
    for (let i = 0; i < slots.length; i++) {
      const hash = mixHash(contexts[i], this.partialByte);
      const slot = (hash >>> (32 - HASH_BITS)) & -SLOT_SIZE;
      slots[i] = slot;
      if (CHECK_COLLISIONS) {
        // A slot's first entry is free, because nodes count from 1: it names the slot's owner.
        const owner = (hash & 0xffff) + 1;
        if (table[slot] !== owner) {
          table.fill(EMPTY_COUNTER, slot, slot + SLOT_SIZE);
          table[slot] = owner;
        }
      }
    }
    this.node = 1;
  }
}

/** For every pair of last byte and bits so far, a row that starts out leaving predictions alone. */
function createCorrection() {
  const row = Float32Array.from({ length: CORRECTION_STEPS + 1 }, (_, step) => squash(step - CORRECTION_STEPS / 2));
  const correction = new Float32Array(65536 * row.length);
  for (let start = 0; start < correction.length; start += row.length) correction.set(row, start);
  return correction;
}

function squash(stretched) {
  return 1 / (1 + Math.exp(-stretched));
}

function mixHash(hash, value) {
  let mixed = Math.imul(hash ^ Math.imul(value, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 15;
  return Math.imul(mixed, 0xc2b2ae35) ^ (mixed >>> 13);
}

/**
 * Learns one section of the text in each tenth of the budget, as far as it gets. Between sections it compresses text set aside
 * for this, in the way of the evaluation: the cost is a point of the curve, on the same text for fast and slow models.
 */
function train(model, text) {
  const rehearsalBytes = Math.min(REHEARSAL_BYTES, Math.floor(text.length / 50));
  const rehearsals = text.subarray(-(SECTIONS - 1) * rehearsalBytes);
  const body = text.subarray(0, -rehearsals.length);
  const start = Math.floor(body.length * TRAINING_START) + (mixHash(SEED, 1) & 0xfff);
  let bytes = 0;
  for (let section = 0; section < SECTIONS && budgetUsed() < 1; section++) {
    if (section > 0) {
      model.setAdaptation(EVALUATION_COUNTER_SCALE, EVALUATION_MIXER_SCALE);
      printCurve(section / SECTIONS, learn(model, rehearsals, (section - 1) * rehearsalBytes, rehearsalBytes) / rehearsalBytes);
      model.setAdaptation(1, 1);
      bytes += rehearsalBytes;
    }
    let position = start + Math.floor((section / SECTIONS) * body.length);
    for (; budgetUsed() < (section + 1) / SECTIONS; position += PAGE_BYTES, bytes += PAGE_BYTES) learn(model, body, position, PAGE_BYTES);
  }
  return bytes;
}

/** Learns `count` bytes of the text, again from its beginning where it ends, and returns how many bits they cost. */
function learn(model, text, position, count) {
  let bits = 0;
  for (let next = position; next < position + count; next++) {
    const byte = text[next % text.length];
    let likelihood = 1;
    for (let shift = 7; shift >= 0; shift--) {
      const bit = (byte >> shift) & 1;
      const probability = model.predict();
      likelihood *= bit === 1 ? probability : 1 - probability;
      model.update(bit);
    }
    bits -= Math.log2(likelihood);
  }
  return bits;
}

function printCurve(share, bitsPerByte) {
  if (!Number.isFinite(bitsPerByte)) fail('training diverged: the loss is not a finite number');
  console.log(`curve: ${share.toFixed(2)} ${bitsPerByte.toFixed(5)}`);
}

/** The model as it was when training ended, ready to be evaluated. */
function loadModel() {
  const model = Object.assign(Object.create(LanguageModel.prototype), readModel());
  model.setAdaptation(EVALUATION_COUNTER_SCALE, EVALUATION_MIXER_SCALE);
  return model;
}

if (process.argv[2] === 'serve') {
  await serveModel(loadModel);
} else {
  const text = loadTrainingText();
  const trainingStarted = performance.now();
  const model = new LanguageModel(SEED);
  const trainedBytes = train(model, text);
  saveModel(model);

  console.log(`train_bytes: ${trainedBytes}`);
  console.log(`train_seconds: ${((performance.now() - trainingStarted) / 1000).toFixed(3)}`);
  console.log(`total_seconds: ${(performance.now() / 1000).toFixed(3)}`);
  console.log(`table_entries: ${2 ** HASH_BITS}`);
}
