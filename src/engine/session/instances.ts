import type { ResolvedUse } from '../../config/load-config.ts';
import { parseDuration } from '../../duration.ts';
import { AutoresearchError, messageOf } from '../../errors.ts';
import { createHooks, type HookTable } from '../../hooks.ts';
import type { Kind, Log, PluginContext, Usage } from '../../plugin.ts';
import { createInstance } from '../../plugins/create.ts';
import { tellSpend } from '../../events/spend.ts';
import type { EventStream } from '../../events/stream.ts';
import { facadeFor } from './register.ts';
import type { AgentChain } from '../propose/agent-chain.ts';
import type { AgentInstance, Instance } from './instance.ts';
import { wire, type Members } from './wire.ts';

interface Surroundings {
  readonly hooks: HookTable;
  readonly chain: AgentChain;
  readonly pending: Set<string>;
  readonly events: Pick<EventStream, 'observe'>;
  /** A reporter's own log lines are no events: it would be told of them itself. */
  readonly reporterLog: Log;
  readonly context: Omit<PluginContext, 'path' | 'label' | 'exec'>;
  readonly execFor: (kind: Kind) => PluginContext['exec'];
}

/** Creates every plugin of the config and wires it to the hooks; the members of a team are asked by their team alone. */
export function createInstances(
  uses: readonly ResolvedUse[],
  { hooks, chain, pending, events, context, execFor, reporterLog }: Surroundings,
): Instance[] {
  const teams = new Map<string, Members>(uses.map(({ path }) => [path, new Map()]));
  return uses.map((use) => {
    const log = use.kind === 'reporter' ? reporterLog : context.log;
    const meter: PluginContext['meter'] = (options) => {
      const call = chain.calls.getStore();
      const meter = {};
      const tell = (usage: Usage) => {
        if (call === undefined) return;
        if (usage.usd !== undefined) call.count(meter, usage.usd);
        chain.emit({ type: 'proposal-spend', experiment: call.experiment, agent: use.label, usage });
      };
      return tellSpend(context.meter, tell)(options);
    };
    // Clients of other machines, such as ssh, run no code of a candidate on this machine.
    const exec = execFor(use.definition.isRemote === true ? 'reporter' : use.kind);
    const own: PluginContext = Object.freeze({ ...context, meter, log, path: use.path, label: use.label, exec });
    const table = use.team === undefined ? hooks : { ...hooks, propose: createHooks().propose };
    const facade = facadeFor(table, { plugin: use.label, path: use.path, at: use.at, warn: context.log.warn, pending });
    const instance = create(use, own);
    if (use.team !== undefined) teams.get(use.team)?.set(use.label, table.propose);
    wire(facade, instance, chain, teams.get(use.path) ?? new Map<string, never>());
    if (instance.kind === 'reporter' && instance.role.observe) {
      const { role, label, path } = instance;
      events.observe(label, path, (event) => role.observe?.(event));
    }
    use.definition.apply?.(facade, use.options as never, own);
    return instance;
  });
}

function create({ kind, path, at, label, definition, options, agent }: ResolvedUse, context: PluginContext): Instance {
  try {
    const role = createInstance(definition, options, context);
    const isTeam = definition.members !== undefined;
    return { kind: isTeam ? 'team' : kind, path, label, role, ...(!isTeam && settingsOf(agent)) } as Instance;
  } catch (cause) {
    throw new AutoresearchError('PLUGIN_FAILED', messageOf(cause), { plugin: label, hook: 'create', path, at, cause });
  }
}

function settingsOf({ timeout, idle, limits, fixAttempts, optional }: NonNullable<ResolvedUse['agent']> = {}): Pick<
  AgentInstance,
  'timeoutMs' | 'limits' | 'fixAttempts' | 'optional'
> {
  const { cost, ...counts } = limits ?? {};
  return {
    ...(timeout !== undefined && { timeoutMs: parseDuration(timeout) }),
    limits: { ...counts, ...(idle !== undefined && { idleMs: parseDuration(idle) }), ...(cost !== undefined && { usd: cost }) },
    ...(fixAttempts !== undefined && { fixAttempts }),
    ...(optional !== undefined && { optional }),
  };
}

/** Ends every plugin, whatever the others do. */
export async function disposeAll(instances: readonly Instance[], warn: (message: string) => void): Promise<void> {
  for (const { role, label } of instances) {
    try {
      await role.dispose?.();
    } catch (error) {
      warn(`[plugin ${label}] dispose: ${messageOf(error)}`);
    }
  }
}
