import type { AnyDefinition, PluginContext, Reporter, RunEnd } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeContext, withFolder } from './context.ts';
import { disposeTwice } from './end.ts';
import { makeEvents } from './events.ts';
import { lawsOf, LIMIT_MS } from './law.ts';
import { createFrom } from './options.ts';
import { makeAudit, makeExperiment, makeRunView } from './records.ts';
import type { Runner } from './runner.ts';
import { settlesWithin } from './settles.ts';

/** The rules for reporters: one copes with every kind of experiment, and with a run that ends early. */
export function testReporter(runner: Runner, definition: AnyDefinition, test: PluginTest<'reporter'>): void {
  const { limitMs = LIMIT_MS } = test;
  const law = lawsOf(runner, definition, test);
  const report = (body: (reporter: Reporter) => Promise<void>, context?: Partial<PluginContext>) =>
    withFolder(async (folder) => {
      const full = makeContext({ projectDir: folder, ...context });
      const reporter = createFrom(definition, test.options.valid[0] ?? {}, full) as Reporter;
      await settlesWithin(limitMs, body(reporter));
      await disposeTwice(reporter);
    });

  law('reports a kept, a discarded and a crashed experiment, and an audit', 'start, settled, audited and done without an error', () =>
    report(async (reporter) => {
      const run = makeRunView();
      await reporter.start?.(run);
      await reporter.settled?.(makeExperiment({ delta: -0.1 }), run);
      await reporter.settled?.(
        makeExperiment({ id: 2, verdict: 'discard', candidate: null, changes: [], diff: null, trials: [], score: null }),
        run,
      );
      await reporter.settled?.(makeExperiment({ id: 3, verdict: 'crash', score: null, metrics: {} }), run);
      await reporter.audited?.(makeAudit(), run);
      await reporter.done?.(run, endOf('stopped', 'BUDGET', 'The budget is used.'));
    }),
  );

  law('reports a run that failed before its baseline', 'start and done without an error, where the run has no baseline', () =>
    report(async (reporter) => {
      const run = makeRunView({ baseline: null, incumbent: null, anchor: null });
      await reporter.start?.(run);
      await reporter.done?.(run, endOf('failed', 'BASELINE_FAILED', 'The baseline crashed.'));
    }),
  );

  law('takes every event of a run', 'observe, where there is one, answers for each type without an error', () =>
    report(async (reporter) => {
      for (const event of makeEvents()) await reporter.observe?.(event);
    }),
  );

  law('settles when the run is being stopped', `done answers, or throws, within ${limitMs / 1000} s`, () =>
    report(
      async (reporter) => {
        const run = makeRunView();
        // A reporter that throws does not harm a run, but a run cannot end before every reporter has finished.
        const interrupted = async () => reporter.done?.(run, endOf('interrupted', 'INTERRUPTED', 'Ctrl-C'));
        await interrupted().catch(() => {});
      },
      { signal: AbortSignal.abort() },
    ),
  );
}

function endOf(outcome: RunEnd['outcome'], code: string, text: string): RunEnd {
  return Object.freeze({ outcome, reason: Object.freeze({ code, text }) });
}
