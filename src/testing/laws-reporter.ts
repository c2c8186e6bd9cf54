import type { AnyDefinition, Reporter } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeContext, withFolder } from './context.ts';
import { createFrom } from './options.ts';
import { makeExperiment, makeRunView } from './records.ts';
import type { Runner } from './runner.ts';

/** A reporter copes with every kind of experiment, and with a run that ends early. */
export function testReporter({ it }: Runner, definition: AnyDefinition, test: PluginTest<'reporter'>): void {
  const report = (body: (reporter: Reporter) => Promise<void>) =>
    withFolder(async (folder) => {
      const reporter = createFrom(definition, test.options.valid[0] ?? {}, makeContext({ projectDir: folder })) as Reporter;
      await body(reporter);
      await reporter.dispose?.();
    });

  it('reports a kept, a discarded and a crashed experiment', () =>
    report(async (reporter) => {
      const run = makeRunView();
      await reporter.start?.(run);
      await reporter.settled?.(makeExperiment({ delta: -0.1 }), run);
      await reporter.settled?.(
        makeExperiment({ id: 2, verdict: 'discard', candidate: null, changes: [], diff: null, trials: [], score: null }),
        run,
      );
      await reporter.settled?.(makeExperiment({ id: 3, verdict: 'crash', score: null, metrics: {} }), run);
      await reporter.done?.(
        run,
        Object.freeze({ outcome: 'stopped', reason: Object.freeze({ code: 'BUDGET', text: 'The budget is used.' }) }),
      );
    }));

  it('reports a run that failed before its baseline', () =>
    report(async (reporter) => {
      const run = makeRunView({ baseline: null, incumbent: null });
      await reporter.start?.(run);
      await reporter.done?.(
        run,
        Object.freeze({ outcome: 'failed', reason: Object.freeze({ code: 'BASELINE_FAILED', text: 'The baseline crashed.' }) }),
      );
    }));
}
