import { EnginePlace, type DeclareAt, type PlaceOfJobs } from './engine-place.ts';
import { lawsOf } from './law.ts';
import { testEngineLeases } from './laws-engine-lease.ts';
import { testEngineLifetime } from './laws-engine-lifetime.ts';
import { testEngineOutput } from './laws-engine-output.ts';
import type { Runner } from './runner.ts';

/** A place to test a `RemoteEngine` in. Jobs run there without a sandbox. */
export interface RemoteEngineTest extends PlaceOfJobs {
  /** For the messages. */
  readonly name: string;
  /** How long a job that does nothing may take from its submission to its end, in milliseconds; default 60,000. */
  readonly limitMs?: number;
  /** The test runner; default: the one this process runs under. */
  readonly runner?: Runner;
}

/** The rules of `RemoteEngine`. */
export function testEngine(runner: Runner, test: RemoteEngineTest): void {
  const { limitMs = 60_000 } = test;
  const law = lawsOf(runner, { kind: 'remote engine', name: test.name }, { limitMs });
  const declare: DeclareAt = (name, expected, body, options) =>
    law(name, expected, () => EnginePlace.with(test, { limitMs, ...options }, body));
  testEngineLifetime(declare);
  testEngineOutput(declare);
  testEngineLeases(law, (leaseSeconds, body) => EnginePlace.with(test, { limitMs, leaseSeconds }, body));
}
