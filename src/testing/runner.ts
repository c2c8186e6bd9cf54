import { describe as nodeDescribe, it as nodeIt } from 'node:test';

/** The two functions of a test runner the kit needs. */
export interface Runner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>, timeoutMs?: number): unknown;
}

const NODE_TEST: Runner = {
  describe: (name, body) => nodeDescribe(name, body),
  it: (name, body, timeoutMs) => nodeIt(name, timeoutMs === undefined ? {} : { timeout: timeoutMs }, body),
};

// Tests must be declared synchronously, so the runner is looked for once, while this module loads.
const detected: Runner = fromObject(globalThis) ?? (await importVitest()) ?? NODE_TEST;

/** The runner of this process: global `describe` and `it`, else vitest, else `node:test`. */
export function findRunner(): Runner {
  return fromObject(globalThis) ?? detected;
}

function fromObject(value: unknown): Runner | null {
  if (typeof value !== 'object' || value === null) return null;
  const { describe, it } = value as Partial<Runner>;
  return typeof describe === 'function' && typeof it === 'function' ? { describe, it } : null;
}

// vitest keeps its functions out of the global scope by default; the variable keeps it an optional package.
async function importVitest(): Promise<Runner | null> {
  if (process.env['VITEST'] === undefined || process.env['NODE_TEST_CONTEXT'] !== undefined) return null;
  const name = 'vitest';
  return import(name).then(fromObject, () => null);
}
