import { defineConfig } from 'vitest/config';

/** The tests of the pure core alone: they start no process and use no disk, so that hundreds of mutants can be tried. */
export default defineConfig({
  test: {
    testTimeout: 120_000,
    include: [
      'test/stats/**/*.test.ts',
      'test/model/{ablation,any-order,experiment-states,first-of,incumbents,late-gains,noise,run-name,state-fold,summarize,tally}.test.ts',
      'test/engine/decide/{budget,control-due,drift-limit,late,outcome,reserve,slot-record,verdict}.test.ts',
      'test/engine/gates-fold.test.ts',
      'test/swarm/{attacks,causal-order,claims,offer,overview,sorted-list,tried,union,union-parts}.test.ts',
      'test/swarm/trust/*.test.ts',
      'plugins/gates/posterior/*.test.ts',
    ],
    setupFiles: ['test/property-seed.ts'],
    isolate: false,
    passWithNoTests: true,
  },
});
