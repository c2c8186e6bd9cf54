import type { Reporter, Vitest } from 'vitest/node';
import { OTHER_SUITES } from './suites.ts';

/** Says at the end of `npm test` which suites it left out, and how to run them. */
export default class LeftOut implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(): void {
    const hasRun = new Set(this.#vitest?.projects.map(({ name }) => name));
    const missing = Object.entries(OTHER_SUITES).filter(([name]) => !hasRun.has(name));
    if (missing.length === 0) return;
    const width = Math.max(...missing.map(([name]) => name.length));
    const lines = missing.map(([name, { runs, fetches }]) => `  ${name.padEnd(width)}  ${runs}; fetches ${fetches}`);
    this.#vitest?.logger.log(
      ['\nLeft out:', ...lines, 'Run one with `npx vitest run --project NAME`, all with `npm run test:rest`.', ''].join('\n'),
    );
  }
}
