import { randomUUID } from 'node:crypto';
import type { ResolvedUse } from '../../config/load-config.ts';
import type { Config } from '../../config/types.ts';
import { createHooks, type HookTable } from '../../hooks.ts';
import type { Kind, Log, Objective, PluginContext } from '../../plugin.ts';
import { EventStream } from '../../events/stream.ts';
import type { PointOf } from '../../events/trial-output.ts';
import { loadPlugin } from '../../plugins/load.ts';
import { createProcessSession, type ProcessSession } from '../../process/session.ts';
import { createRedact, type Redact } from '../../redact.ts';
import type { Layer } from '../../sandbox/probe.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { trustOf, type TrustLevel } from '../../trust.ts';
import { allowedEnvironment } from '../measure/environment.ts';
import type { Instance } from './instance.ts';
import { createInstances } from './instances.ts';
import { AgentChain } from '../propose/agent-chain.ts';

/** The plugins of a config, created and wired, and what they share. */
export interface Assembly {
  readonly config: Config;
  readonly uses: readonly ResolvedUse[];
  readonly hooks: HookTable;
  readonly instances: readonly Instance[];
  readonly objective: Objective;
  readonly chain: AgentChain;
  /** Taps that have begun and not answered. */
  readonly pending: ReadonlySet<string>;
  readonly processes: ProcessSession;
  readonly sandbox: Sandbox;
  readonly redact: Redact;
  readonly events: EventStream;
}

interface AssembleOptions {
  readonly projectDir: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Marks the processes that are started, so that a later session can end those of a crashed one. */
  readonly token?: string;
}

export async function assemble(config: Config, configured: readonly ResolvedUse[], options: AssembleOptions): Promise<Assembly> {
  const uses = await withScopeGate(configured, options.projectDir);
  const sandbox = await Sandbox.open(config, options);
  const created = createPlugins(config, uses, { ...options, sandbox });
  const objective = created.instances.find((instance) => instance.kind === 'objective')?.role;
  if (objective === undefined) throw new Error('a checked config has no objective');
  return { config, uses, objective, sandbox, ...created };
}

/** Only these plugins, created and wired; without a sandbox if they run no code of a candidate. */
export function createPlugins(
  config: Config,
  uses: readonly ResolvedUse[],
  { projectDir, signal, sandbox, token = randomUUID(), ...options }: AssembleOptions & { readonly sandbox?: Sandbox },
) {
  const hooks = createHooks();
  const redact = createRedact(process.env);
  const events = new EventStream({ redact, log: options.log });
  const { log } = events;
  const chain = new AgentChain(log.warn, events.emit);
  const pending = new Set<string>();
  const processes = createProcessSession(token, { env: allowedEnvironment(config.workspace.env), redact });
  const { scope, seed } = config;
  const context = { projectDir, scope, seed, signal, log, meter: meterOf(signal) };
  const execFor = (kind: Kind) => sandbox?.execFor(kind, processes) ?? processes.exec.bind(processes);
  const instances = createInstances(uses, { hooks, chain, pending, events, context, execFor, reporterLog: options.log });
  return { hooks, instances, chain, pending, processes, redact, events };
}

/** Loaded when an agent needs it, since most runs do without. */
function meterOf(signal: AbortSignal): PluginContext['meter'] {
  return async (options) => (await import('../../meter/start.ts')).startMeter({ signal, ...options });
}

/** The scope is always guarded, whatever the config's gates are. */
async function withScopeGate(uses: readonly ResolvedUse[], projectDir: string): Promise<readonly ResolvedUse[]> {
  const isThere = uses.some(({ kind, definition }) => kind === 'gate' && definition.name === 'scope');
  if (isThere) return uses;
  const { definition, record } = await loadPlugin({ kind: 'gate', use: 'scope', from: projectDir }, [], projectDir);
  // First, so that it refuses a change before a gate asks a human about it.
  return [{ kind: 'gate', path: 'scope', label: 'scope', definition, options: {}, record }, ...uses];
}

/** Names of the gates that compare with the incumbent. */
export function improvementGates(instances: readonly Instance[]): Set<string> {
  return new Set(instances.flatMap((instance) => (instance.kind === 'gate' && instance.role.improvement === true ? [instance.label] : [])));
}

/** The metrics that read points of their curves from a running trial's output. */
export function curvesOf(instances: readonly Instance[]): Map<string, PointOf> {
  return new Map(
    instances.flatMap(({ kind, label, role }) =>
      kind === 'metric' && role.point ? [[label, (line: string) => role.point?.(line)] as const] : [],
    ),
  );
}

/** Does any gate judge against noise? The baseline is then repeated, and controls are run. */
export function needsNoise(instances: readonly Instance[]): boolean {
  return instances.some((instance) => instance.kind === 'gate' && instance.role.needsNoise === true);
}

/** Reporters report on a run; a measurement outside the loop is not one. */
export function withoutReporters(uses: readonly ResolvedUse[]): readonly ResolvedUse[] {
  return uses.filter((use) => use.kind !== 'reporter');
}

/** What records say of how far the numbers of a session can be trusted. */
export function guardsOf({ config, sandbox: { layer } }: Pick<Assembly, 'config' | 'sandbox'>): { sandbox: Layer; trust: TrustLevel } {
  return { sandbox: layer, trust: trustOf(config, layer).level };
}
