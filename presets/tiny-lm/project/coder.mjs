// PROTECTED: turns a model into a compressor, which the evaluation asks. Experiments may not change this file.
//
// `model.predict()` returns the probability that the next bit is 1, and only then does `model.update(bit)`
// learn which bit it was; bytes come in order, highest bit first. An arithmetic coder turns the
// probabilities into a code, and the code back into the text.

import { createInterface } from 'node:readline';
import { fail } from './corpus.mjs';

/** No bit costs more than 20 bits, so one confident mistake cannot make the result infinite. */
const SMALLEST_PROBABILITY = 2 ** -20;

/** Answers requests of the evaluation until there are no more; `load` gives the model as it was when training ended. */
export async function serveModel(load) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, inputs } = JSON.parse(line);
    const outputs = inputs.map(({ compress, decompress, bytes }) =>
      compress === undefined ? decode(load(), Buffer.from(decompress, 'base64'), bytes) : encode(load(), Buffer.from(compress, 'base64')),
    );
    process.stdout.write(`${JSON.stringify({ id, outputs: outputs.map((output) => output.toString('base64')) })}\n`);
  }
}

function encode(model, text) {
  const code = [];
  let low = 0;
  let high = 0xffffffff;
  for (const byte of text) {
    for (let shift = 7; shift >= 0; shift--) {
      const bit = (byte >> shift) & 1;
      const middle = split(low, high, model);
      if (bit === 1) high = middle;
      else low = middle + 1;
      for (; ((low ^ high) & 0xff000000) === 0; low = (low << 8) >>> 0, high = ((high << 8) | 255) >>> 0) code.push(high >>> 24);
      model.update(bit);
    }
  }
  code.push(low >>> 24, (low >>> 16) & 255, (low >>> 8) & 255, low & 255);
  return Buffer.from(code);
}

function decode(model, code, bytes) {
  const text = Buffer.alloc(bytes);
  let low = 0;
  let high = 0xffffffff;
  let next = 0;
  let window = 0;
  const read = () => (window = ((window << 8) | (code[next++] ?? 0)) >>> 0);
  for (let count = 0; count < 4; count++) read();
  for (let position = 0; position < bytes; position++) {
    let byte = 0;
    for (let count = 0; count < 8; count++) {
      const middle = split(low, high, model);
      const bit = window <= middle ? 1 : 0;
      if (bit === 1) high = middle;
      else low = middle + 1;
      for (; ((low ^ high) & 0xff000000) === 0; low = (low << 8) >>> 0, high = ((high << 8) | 255) >>> 0) read();
      model.update(bit);
      byte = (byte << 1) | bit;
    }
    text[position] = byte;
  }
  return text;
}

/** Divides what is left of the range as the model divides its belief: up to here the next bit is 1. */
function split(low, high, model) {
  const probability = model.predict();
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    fail(`the model predicted ${String(probability)}, which is not a probability`);
  }
  const believed = Math.max(SMALLEST_PROBABILITY, Math.min(1 - SMALLEST_PROBABILITY, probability));
  return low + Math.floor((high - low) * believed);
}
