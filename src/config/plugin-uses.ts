import { dirname } from 'node:path';
import { AutoresearchError, type Place } from '../errors.ts';
import type { AnyDefinition, Kind } from '../plugin.ts';
import { loadDeclared, loadPlugin, type DeclaredPlugins, type LoadedPlugin, type PluginRecord } from '../plugins/load.ts';
import { createAjv, validateWith } from './ajv.ts';
import type { Diagnostics } from './diagnostics.ts';
import { find, nearest, type Located } from './located.ts';
import { formatPath, type Path } from './path.ts';
import { reportSchemaErrors } from './schema-errors.ts';
import type { AgentSettings, UseSite } from './use-sites.ts';

/** One plugin a config uses: what it is, with which options, and what the run's record says about it. */
export interface ResolvedUse {
  readonly kind: Kind;
  /** The place in the config, such as `gates[1]`, `metrics.val_bpb` or `agent`. */
  readonly path: string;
  /** The key of a metric, the name an agent was given, else the plugin's name. */
  readonly label: string;
  readonly definition: AnyDefinition;
  /** The options, checked, with the schema's defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What an agent's entry says besides `use` and `with`; absent for other kinds. */
  readonly agent?: AgentSettings;
  /** For a member of a team: the position of the team. */
  readonly team?: string;
  /** Where a file says it; a recorded config has no file. */
  readonly at?: Place;
  readonly record: PluginRecord;
}

export interface FoundUse extends ResolvedUse {
  readonly site: UseSite;
  /** The `use` of a config in the project's folder that means the same module. */
  readonly use: string;
  readonly isValid: boolean;
}

/** The folder from which module references are resolved that no file contains. */
export interface Base {
  readonly projectDir: string;
  readonly root: Located;
}

/** Loads the modules under `plugins:`, and returns how a config in the project's folder would list them. */
export async function loadDeclaredPlugins(config: unknown, base: Base, diagnostics: Diagnostics) {
  const list = typeof config === 'object' && config !== null && 'plugins' in config && Array.isArray(config.plugins) ? config.plugins : [];
  const specifiers: string[] = [];
  const declared: DeclaredPlugins[number][] = [];
  for (const [index, specifier] of list.entries()) {
    if (typeof specifier !== 'string' || specifier === '') continue;
    const path = ['plugins', index];
    await attempt(path, base.root, diagnostics, async () => {
      const { module, plugins } = await loadDeclared(specifier, folderOf(path, base), base.projectDir);
      specifiers.push(module.specifier);
      for (const plugin of plugins) {
        refuseSecond(plugin, declared);
        declared.push(plugin);
      }
    });
  }
  return { specifiers, declared };
}

/** Loads one plugin and checks its options; null, with the error added, when it cannot be loaded. */
export async function resolveUse(site: UseSite, declared: DeclaredPlugins, base: Base, diagnostics: Diagnostics): Promise<FoundUse | null> {
  const path = [...site.path, 'use'];
  const loaded = await attempt(path, base.root, diagnostics, () =>
    loadPlugin({ kind: site.kind, use: site.use, from: folderOf(path, base) }, declared, base.projectDir),
  );
  if (loaded === null) return null;
  const { options, isValid } = checkOptions(site, loaded, base.root, diagnostics);
  const { definition, record, use } = loaded;
  const at = diagnostics.placeOf(nearest(base.root, path).origin);
  return {
    kind: site.kind,
    path: pathOf(site, base.root),
    label: site.name ?? definition.name,
    definition,
    options,
    ...(site.kind === 'agent' && { agent: site.agent }),
    ...(at && { at }),
    record,
    site,
    use,
    isValid,
  };
}

// A chain of one agent is called `agent`, however it was written.
function pathOf({ kind, path }: UseSite, root: Located): string {
  const agents = find(root, ['agent']);
  const isAlone = kind === 'agent' && agents?.type === 'list' && agents.items.length === 1;
  return formatPath(isAlone ? ['agent', ...path.slice(2)] : path);
}

function checkOptions(site: UseSite, { definition }: LoadedPlugin, root: Located, diagnostics: Diagnostics) {
  const given: unknown = structuredClone(site.options ?? {});
  const options: Record<string, unknown> = typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given } : {};
  const schema = definition.schema === false ? { type: 'object', additionalProperties: false, properties: {} } : definition.schema;
  const before = diagnostics.count;
  try {
    const errors = validateWith(createAjv(), schema, options);
    reportSchemaErrors(errors, { root, path: [...site.path, 'with'], plugin: definition.name }, diagnostics);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const spot = { origin: nearest(root, [...site.path, 'use']).origin, target: 'value' as const };
    diagnostics.add('PLUGIN_INVALID', spot, `the option schema of ${definition.name} cannot be used: ${reason}`);
  }
  return { options, isValid: diagnostics.count === before };
}

async function attempt<T>(path: Path, root: Located, diagnostics: Diagnostics, action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof AutoresearchError)) throw error;
    const { origin } = nearest(root, path);
    diagnostics.adopt(error, { origin, target: 'value' }, `${formatPath(origin.path)}: ${error.message}`);
    return null;
  }
}

function folderOf(path: Path, { root, projectDir }: Base): string {
  const { file } = nearest(root, path).origin.source;
  return file === null ? projectDir : dirname(file);
}

function refuseSecond({ definition }: DeclaredPlugins[number], declared: DeclaredPlugins): void {
  const first = declared.find((other) => other.definition.kind === definition.kind && other.definition.name === definition.name);
  if (first === undefined) return;
  throw new AutoresearchError(
    'PLUGIN_INVALID',
    `a second ${definition.kind} "${definition.name}"; the first is from ${first.module.path}`,
    {
      hint: 'Names of one kind must differ.',
    },
  );
}
