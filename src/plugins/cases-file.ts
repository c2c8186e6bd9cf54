import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AutoresearchError, messageOf } from '../errors.ts';
import type { AnyDefinition } from '../contract/definition.ts';
import type { PluginTest } from '../testing/cases.ts';

/** The file with a plugin's test cases: `x.cases.ts` beside `x.ts`. */
export function casesFile(file: string): string {
  const extension = extname(file);
  return join(dirname(file), `${basename(file, extension)}.cases${extension}`);
}

/**
 * Reads the cases of a module's plugins: its default export, or for several plugins an object of them by name.
 * Null where the author gives none.
 * @throws AutoresearchError PLUGIN_INVALID
 */
export async function loadCases(file: string, definitions: readonly AnyDefinition[]): Promise<ReadonlyMap<AnyDefinition, PluginTest>> {
  const found = casesFile(file);
  if (!existsSync(found)) return new Map();
  const exported = await importDefault(found);
  const [only, second] = definitions;
  const byName = (name: string): unknown => (typeof exported === 'object' && exported !== null ? Reflect.get(exported, name) : undefined);
  const entries =
    second === undefined && only ? [[only, exported] as const] : definitions.map((each) => [each, byName(each.name)] as const);
  return new Map(
    entries.filter(([, test]) => test !== undefined).map(([definition, test]) => [definition, checked(test, found, definition)]),
  );
}

async function importDefault(file: string): Promise<unknown> {
  try {
    const loaded: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    return loaded.default;
  } catch (error) {
    throw new AutoresearchError('PLUGIN_INVALID', `the cases ${basename(file)} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}

function checked(test: unknown, file: string, { kind, name }: AnyDefinition): PluginTest {
  const { options, cases }: { options?: { valid?: unknown; invalid?: unknown }; cases?: unknown } =
    typeof test === 'object' && test !== null ? test : {};
  const needsCases = kind === 'metric' || kind === 'trainer';
  if (Array.isArray(options?.valid) && Array.isArray(options.invalid) && (cases !== undefined || !needsCases)) return test as PluginTest;
  const shape = `{ options: { valid: [], invalid: [] }${needsCases ? `, cases: { ${kind === 'metric' ? 'present, missing' : 'hang'} }` : ''} }`;
  throw new AutoresearchError('PLUGIN_INVALID', `the cases ${basename(file)} of the ${kind} ${name} are not of the form ${shape}`, {
    hint: 'They are what testPlugin takes: see "Testing" in docs/plugins.md.',
  });
}
