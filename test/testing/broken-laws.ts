import type { AnyDefinition } from '../../src/plugin.ts';
import { BrokenLaw, testPlugin, type PluginTest, type Runner } from '../../src/testing.ts';

/** Runs the laws and answers those that are broken, in their order. */
export async function brokenLaws<const D extends AnyDefinition>(definition: D, given: PluginTest<D['kind']>): Promise<BrokenLaw[]> {
  const bodies: (() => Promise<void>)[] = [];
  const runner: Runner = { describe: (_name, body) => body(), it: (_name, body) => bodies.push(body) };
  testPlugin(definition, { ...given, runner });
  const broken: BrokenLaw[] = [];
  for (const body of bodies) {
    await body().catch((error: unknown) => {
      if (!(error instanceof BrokenLaw)) throw error;
      broken.push(error);
    });
  }
  return broken;
}
