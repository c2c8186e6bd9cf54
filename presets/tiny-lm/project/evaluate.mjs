// PROTECTED: the score. It runs when training is over, in a process and a sandbox that no experiment has been in.
//
// The model is asked to compress the held-out text; then its program is started anew, knowing nothing of that text, and
// asked to turn the code back into the text. So `val_bpb` is the size of a file that can be read again: a model that
// claims more than it knows writes a code that does not come out right.

import { readSync, writeSync } from 'node:fs';
import { fail, gatherCorpus } from './corpus.mjs';

const { heldOut, fingerprint } = gatherCorpus();
let id = 0;

const started = performance.now();
const [code] = ask({ id: ++id, inputs: [{ compress: Buffer.from(heldOut).toString('base64') }] }).outputs;
if (typeof code !== 'string') fail('the model answered with no code');
ask({ restart: true });
const [text] = ask({ id: ++id, inputs: [{ decompress: code, bytes: heldOut.length }] }).outputs;
if (typeof text !== 'string' || !Buffer.from(text, 'base64').equals(heldOut)) {
  fail('what the model has compressed does not come out right: its predictions must be the same each time');
}

console.log(`val_bpb: ${((8 * Buffer.from(code, 'base64').length) / heldOut.length).toFixed(6)}`);
console.log(`held_out: ${fingerprint}, ${heldOut.length} bytes`);
console.log(`eval_seconds: ${((performance.now() - started) / 1000).toFixed(3)}`);

/** One line to the model's program, one line back; see docs/evaluate.md. */
function ask(request) {
  const line = Buffer.from(`${JSON.stringify(request)}\n`);
  for (let at = 0; at < line.length;) at += writeSync(4, line, at);
  const chunks = [];
  for (const chunk = Buffer.alloc(65_536); chunks.at(-1)?.at(-1) !== 10;) {
    const count = readSync(3, chunk);
    if (count === 0) fail('the model gave no answer');
    chunks.push(Buffer.from(chunk.subarray(0, count)));
  }
  return JSON.parse(Buffer.concat(chunks));
}
