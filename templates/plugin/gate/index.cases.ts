import { makeExperiment, type PluginTest } from 'autoresearch/testing';

const scored = (value: number) => makeExperiment({ state: 'scored', score: { value, spread: 0, n: 1 } });

/** The kit has examples of its own; these say which outcome you expect. The incumbent's score is 1, and lower is better. */
export default {
  options: { valid: [{}, { percent: 10 }], invalid: [{ percent: -1 }, { percent: 'one' }] },
  cases: [
    { name: 'a gain of 20 %', options: { percent: 10 }, experiment: scored(0.8), expect: 'pass' },
    { name: 'a gain of 5 %', options: { percent: 10 }, experiment: scored(0.95), expect: 'fail' },
    { name: 'a tie, where nothing is asked', options: { percent: 0 }, experiment: scored(1), expect: 'fail' },
  ],
} satisfies PluginTest<'gate'>;
