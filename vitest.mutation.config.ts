import { defineConfig } from 'vitest/config';

const PARTS = {
  stats: ['test/stats/**/*.test.ts'],
  model: ['test/model/{any-order,noise,tally}.test.ts', 'test/engine/decide/{verdict,drift-limit}.test.ts'],
};
const part = process.env['MUTATION'];

/** The tests of the pure core alone: they start no process and use no disk, so that hundreds of mutants can be tried. */
export default defineConfig({
  test: {
    testTimeout: 120_000,
    // The tests of one part are enough for its mutants.
    include: part === 'stats' || part === 'model' ? PARTS[part] : Object.values(PARTS).flat(),
    setupFiles: ['test/property-seed.ts'],
  },
});
