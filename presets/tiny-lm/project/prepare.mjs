// PROTECTED: the budget, and the way from training to evaluation. Experiments may not change this file.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { fail, gatherCorpus } from './corpus.mjs';

export { fail };

/**
 * Seconds of processor time for training, of all threads together, from the moment the training text is handed over.
 * Not wall-clock time: other work on the machine would take from the training, and figures would not be comparable.
 */
const TIME_BUDGET = 2;
/** How far past TIME_BUDGET training may run before the result is refused. */
const TRAINING_GRACE_SECONDS = 0.5;
const MODEL_FILE = 'model.bin';

let trainingStarted;

/** Returns the training text as one Uint8Array and starts the training clock. */
export function loadTrainingText() {
  const { fingerprint, training } = gatherCorpus();
  console.log(`corpus: ${fingerprint}, ${training.length} training bytes`);
  trainingStarted = now();
  return training;
}

/** The share of the training budget that has been used; 1 and more when it is over. */
export function budgetUsed() {
  return (now() - trainingStarted) / TIME_BUDGET;
}

/** Seconds of processor time this process has used. */
function now() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Ends the training: writes the fields of the model, numbers, texts, lists and typed arrays, for the evaluation,
 * which happens in processes of its own.
 */
export function saveModel(model) {
  const seconds = now() - trainingStarted;
  if (!(seconds <= TIME_BUDGET + TRAINING_GRACE_SECONDS)) fail(`training took ${seconds.toFixed(1)} s, the budget is ${TIME_BUDGET} s`);
  const fields = Object.entries(model).filter(([, value]) => value !== undefined);
  const header = fields.map(([name, value]) => [
    name,
    ArrayBuffer.isView(value) ? { type: value.constructor.name, bytes: value.byteLength } : { value },
  ]);
  const file = openSync(MODEL_FILE, 'w');
  writeAll(file, Buffer.from(`${JSON.stringify(header)}\n`));
  for (const [, value] of fields)
    if (ArrayBuffer.isView(value)) writeAll(file, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  closeSync(file);
}

/** The fields of the model that was saved. */
export function readModel() {
  const bytes = readFileSync(MODEL_FILE);
  let at = bytes.indexOf(10) + 1;
  return Object.fromEntries(
    JSON.parse(bytes.toString('utf8', 0, at)).map(([name, { type, bytes: length, value }]) => {
      if (type === undefined) return [name, value];
      const copy = bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + length);
      at += length;
      return [name, new globalThis[type](copy)];
    }),
  );
}

function writeAll(file, bytes) {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
