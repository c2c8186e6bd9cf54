import type { AnyDefinition, Metric, PluginContext } from '../plugin.ts';
import type { MetricCase, PluginTest } from './cases.ts';
import { makeContext, withFolder, writeFiles } from './context.ts';
import { disposeTwice } from './end.ts';
import { Breach, expectThat, lawsOf, LIMIT_MS } from './law.ts';
import { createFrom } from './options.ts';
import { makeExperiment, makeTrial } from './records.ts';
import type { Runner } from './runner.ts';
import { settlesWithin } from './settles.ts';

/** The rules for metrics: a metric returns the number that is there, and refuses everything that is not a number. */
export function testMetric(runner: Runner, definition: AnyDefinition, test: PluginTest<'metric'>): void {
  const law = lawsOf(runner, definition, test);
  const { present, missing, nan } = test.cases;
  const { limitMs = LIMIT_MS } = test;
  const measure = (input: MetricCase, context?: Partial<PluginContext>) =>
    measureCase(definition, { options: test.options.valid[0] ?? {}, ...input }, { limitMs, context });

  law('reads the value that is there, each time the same', `${present.value}, twice`, async () => {
    for (let time = 0; time < 2; time++) {
      const value = await measure(present);
      expectThat(value === present.value, String(value));
    }
  });

  if (missing !== false) {
    law('refuses a missing value instead of answering a number', 'an error that says what is missing; never 0', () =>
      expectRefusal(measure(missing)),
    );
  }

  if (nan !== false) {
    law('refuses NaN', 'an error, for a value that is no number', async () => {
      const input = nan ?? withNumber(present, Number.NaN);
      expectThat(input !== null, 'nothing to try it with: give cases.nan, or nan: false where a value is always a number');
      await expectRefusal(measure(input));
    });
    for (const number of [Infinity, -Infinity]) {
      const input = withNumber(present, number);
      // If the number is written in another form, it cannot be replaced.
      if (input !== null) law(`refuses ${number}`, 'an error, for a value that is not finite', () => expectRefusal(measure(input)));
    }
  }

  law('settles when the run is being stopped', `an answer or an error within ${limitMs / 1000} s`, async () => {
    await measure(present, { signal: AbortSignal.abort() }).catch((error: unknown) => {
      if (error instanceof Breach) throw error;
    });
  });
}

/** A refusal is an error with a message; a TypeError on a property of undefined is not one. */
async function expectRefusal(measured: Promise<number>): Promise<void> {
  const answer: unknown = await measured.catch((error: unknown) => error ?? 'an empty rejection');
  if (answer instanceof Breach) throw answer;
  expectThat(answer instanceof Error, typeof answer === 'number' ? `the number ${answer}` : `${String(answer)} was thrown`);
  expectThat(answer.message.length > 0, 'an error without a message');
  expectThat(
    !(answer instanceof TypeError) && !(answer instanceof ReferenceError),
    `a crash and no refusal: ${answer.name}: ${answer.message}`,
  );
}

/** The case with its number replaced, in the output, the files and the trial; null if it occurs nowhere. */
function withNumber({ value, ...present }: MetricCase & { readonly value: number }, number: number): MetricCase | null {
  let found = false;
  const replaced = (text: string) => {
    found ||= text.includes(String(value));
    return text.replaceAll(String(value), String(number));
  };
  const output = replaced(present.output ?? '');
  const files = Object.fromEntries(
    Object.entries(present.files ?? {}).map(([path, content]) => [path, typeof content === 'string' ? replaced(content) : content]),
  );
  const fields = Object.entries(present.trial ?? {}).map(([name, field]) => {
    found ||= field === value;
    return [name, field === value ? number : field];
  });
  return found ? { ...present, output, files, trial: Object.fromEntries(fields) } : null;
}

async function measureCase(
  definition: AnyDefinition,
  input: MetricCase & { readonly options: object },
  { limitMs, context }: { readonly limitMs: number; readonly context: Partial<PluginContext> | undefined },
): Promise<number> {
  return withFolder(async (folder) => {
    await writeFiles(folder, input.files);
    const trial = makeTrial({ state: 'finished', metrics: {}, ...input.trial });
    const experiment = makeExperiment({ state: 'committed', trials: [trial], metrics: {}, ...input.experiment });
    const metric = createFrom(definition, { ...input.options }, makeContext({ projectDir: folder, ...context })) as Metric;
    try {
      const measured = await settlesWithin(
        limitMs,
        Promise.resolve(metric.measure(Object.freeze({ trial, experiment, cwd: folder, output: async () => input.output ?? '' }))),
      );
      const value = typeof measured === 'number' ? measured : measured.value;
      // The engine refuses these values too, so a metric may return them.
      if (!Number.isFinite(value)) throw new Error(`${value} is not a finite number`);
      return value;
    } finally {
      await disposeTwice(metric);
    }
  });
}
