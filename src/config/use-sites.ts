import type { Kind } from '../plugin.ts';
import type { Path } from './path.ts';
import type { AgentUse } from './types.ts';

/** As written, when it is of the right type. */
export type AgentSettings = Omit<AgentUse, 'use' | 'with' | 'name'>;

/** One place of a config that names a plugin. */
export interface UseSite {
  readonly kind: Kind;
  readonly path: Path;
  readonly use: string;
  readonly options: unknown;
  /** What an agent's entry says besides `use` and `with`; empty for other kinds. */
  readonly agent: AgentSettings;
  /** The key of a metric, which is also its name; the name of an agent that has one of its own. */
  readonly name: string | undefined;
}

/** The agents that are listed under an option of another one. */
export function memberSites(options: Path, list: unknown): UseSite[] {
  return listOf(list)
    .map((value, index) => site('agent', [...options, index], value))
    .filter((found) => found !== null);
}

/** Lists every place that names a plugin, in the order of the config; skips what the schema refuses. */
export function useSites(config: unknown): UseSite[] {
  const top = entriesOf(config);
  const get = (key: string): unknown => top.find(([name]) => name === key)?.[1];
  return [
    site('objective', ['objective'], get('objective')),
    ...listOf(get('agent')).map((value, index) => site('agent', ['agent', index], value)),
    site('trainer', ['trainer'], get('trainer')),
    ...entriesOf(get('metrics')).map(([name, value]) => site('metric', ['metrics', name], value, name)),
    ...listOf(get('gates')).map((value, index) => site('gate', ['gates', index], value)),
    ...listOf(get('reporters')).map((value, index) => site('reporter', ['reporters', index], value)),
  ].filter((found) => found !== null);
}

function site(kind: Kind, path: Path, value: unknown, name?: string): UseSite | null {
  if (typeof value !== 'object' || value === null) return null;
  const { use, with: options, name: own, ...rest }: { use?: unknown; with?: unknown; name?: unknown } = value;
  if (typeof use !== 'string' || use === '') return null;
  const agent = kind === 'agent' ? (rest as AgentSettings) : {};
  return { kind, path, use, options, agent, name: name ?? (kind === 'agent' && typeof own === 'string' ? own : undefined) };
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
