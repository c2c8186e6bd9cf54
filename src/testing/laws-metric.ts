import assert from 'node:assert/strict';
import type { AnyDefinition, Metric } from '../plugin.ts';
import type { MetricCase, PluginTest } from './cases.ts';
import { makeContext, withFolder, writeFiles } from './context.ts';
import { createFrom } from './options.ts';
import { makeExperiment, makeTrial } from './records.ts';
import type { Runner } from './runner.ts';

/** A metric answers the number that is there, and refuses everything that is not one. */
export function testMetric({ it }: Runner, definition: AnyDefinition, test: PluginTest<'metric'>): void {
  const { present, missing } = test.cases;
  const measure = (input: MetricCase) => measureCase(definition, { options: test.options.valid[0] ?? {}, ...input });

  it('reads the value that is there, each time the same', async () => {
    assert.equal(await measure(present), present.value);
    assert.equal(await measure(present), present.value);
  });

  it('refuses a missing value instead of answering a number', async () => {
    await assert.rejects(() => measure(missing), isRefusal);
  });

  for (const word of ['NaN', 'Infinity', '-Infinity']) {
    const input = test.cases.nan !== undefined && word === 'NaN' ? test.cases.nan : withNumber(present, word);
    // Where the number is written in another form there is nothing to replace.
    if (input !== null) it(`refuses ${word}`, () => assert.rejects(() => measure(input), isRefusal));
  }
}

/** A refusal is an error with a message; a crash on a property of nothing is not a refusal. */
function isRefusal(error: unknown): boolean {
  assert.ok(error instanceof Error && error.message.length > 0, 'throw an error that says what is missing');
  assert.ok(!(error instanceof TypeError) && !(error instanceof ReferenceError), `a refusal, not a crash: ${error.message}`);
  return true;
}

function withNumber(present: PluginTest<'metric'>['cases']['present'], word: string): MetricCase | null {
  const number = String(present.value);
  const replaced = (text: string) => text.replaceAll(number, word);
  const files = Object.fromEntries(Object.entries(present.files ?? {}).map(([path, text]) => [path, replaced(text)]));
  const output = replaced(present.output ?? '');
  const changed = output !== (present.output ?? '') || Object.entries(files).some(([path, text]) => text !== present.files?.[path]);
  return changed ? { ...present, output, files } : null;
}

async function measureCase(definition: AnyDefinition, input: MetricCase & { readonly options: object }): Promise<number> {
  return withFolder(async (folder) => {
    await writeFiles(folder, input.files);
    const trial = makeTrial({ state: 'finished', metrics: {}, ...input.trial });
    const experiment = makeExperiment({ state: 'committed', trials: [trial], metrics: {} });
    const metric = createFrom(definition, { ...input.options }, makeContext({ projectDir: folder })) as Metric;
    const output = () => Promise.resolve(input.output ?? '');
    const measured = await metric.measure(Object.freeze({ trial, experiment, cwd: folder, output }));
    const value = typeof measured === 'number' ? measured : measured.value;
    await metric.dispose?.();
    // The engine refuses these too, so a metric that answers them has refused as well.
    if (!Number.isFinite(value)) throw new Error(`${value} is not a finite number`);
    return value;
  });
}
