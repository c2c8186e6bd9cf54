import type { AnyDefinition } from '../plugin.ts';
import { testPlugin } from '../testing.ts';
import type { PluginTest } from './cases.ts';
import { testDefinition, testShape } from './laws-definition.ts';
import { BrokenLaw } from './law.ts';
import type { Runner } from './runner.ts';
import { sampleOptions } from './sample-options.ts';

export interface LawResult {
  readonly law: string;
  readonly holds: boolean;
  /** What the rule expects and what happened, if it does not hold. */
  readonly expected?: string;
  readonly came?: string;
}

/** Tests the rules one after the other. Without the author's cases, only the rules that need none. */
export async function checkPlugin(definition: AnyDefinition, test: PluginTest | null): Promise<readonly LawResult[]> {
  const laws: { readonly law: string; readonly body: () => Promise<void> }[] = [];
  const runner: Runner = { describe: (_name, body) => body(), it: (law, body) => laws.push({ law, body }) };
  const sample = sampleOptions(definition.schema);
  if (test !== null) testPlugin(definition, { ...test, runner });
  else if (sample !== null) testDefinition(runner, definition, { options: { valid: [sample], invalid: [] } });
  else testShape(runner, definition);
  const results: LawResult[] = [];
  for (const { law, body } of laws) results.push(await resultOf(law, body));
  return results;
}

async function resultOf(law: string, body: () => Promise<void>): Promise<LawResult> {
  try {
    await body();
    return { law, holds: true };
  } catch (error) {
    if (!(error instanceof BrokenLaw)) throw error;
    return { law: error.law, holds: false, expected: error.expected, came: error.came };
  }
}
