import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AnyDefinition, Trainer, TrialOutcome, TrialRequest } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeContext, makeTrialRequest, withFolder } from './context.ts';
import { findLeftovers } from './leftovers.ts';
import { createFrom } from './options.ts';
import type { Runner } from './runner.ts';
import { settlesWithin } from './settles.ts';

const LIMIT_MS = 20_000;

/** A trial that takes too long or is not wanted any more ends, and so does everything it started. */
export function testTrainer({ it }: Runner, definition: AnyDefinition, test: PluginTest<'trainer'>): void {
  const { options } = test.cases.hang;

  it(
    'ends a trial at its timeout and leaves no process behind',
    async () => {
      const outcome = await train(definition, options, { timeoutMs: 700 });
      assert.equal(outcome.exit, 'timed-out');
    },
    LIMIT_MS * 2,
  );

  it(
    'ends a trial when it is aborted and leaves no process behind',
    async () => {
      const outcome = await train(definition, options, { signal: AbortSignal.timeout(500), timeoutMs: LIMIT_MS * 2 });
      assert.equal(outcome.exit, 'aborted');
    },
    LIMIT_MS * 2,
  );

  it(
    'does not run a trial that was aborted before it began',
    async () => {
      const outcome = await train(definition, options, { signal: AbortSignal.abort(), timeoutMs: LIMIT_MS * 2 });
      assert.equal(outcome.exit, 'aborted');
    },
    LIMIT_MS * 2,
  );
}

async function train(definition: AnyDefinition, options: object, more: Partial<TrialRequest>): Promise<TrialOutcome> {
  return withFolder(async (folder) => {
    const mark = randomUUID();
    const trainer = createFrom(definition, { ...options }, makeContext({ projectDir: folder })) as Trainer;
    const env = Object.freeze({ PATH: process.env['PATH'] ?? '', AUTORESEARCH_TEST_MARK: mark });
    const request = makeTrialRequest({ cwd: folder, logFile: join(folder, 'trial.log'), env, ...more });
    const outcome = await settlesWithin(LIMIT_MS, trainer.train(request));
    const left = await findLeftovers(mark, folder);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    await trainer.dispose?.();
    assert.deepEqual(left, [], 'processes are left behind');
    assert.ok(Number.isFinite(outcome.seconds) && outcome.seconds >= 0, 'seconds is a number');
    return outcome;
  });
}
