import { AutoresearchError, messageOf, type Place } from '../../errors.ts';
import { HOOKS, type HookName } from '../../hook-table.ts';
import type { HookTable, Hooks } from '../../hooks.ts';
import { errorOfMachine, isOfMachine } from '../../machine-errors.ts';
import { ReasonError, type Preflight } from '../../plugin.ts';

interface Registration {
  readonly plugin: string;
  /** Its place in the config, such as `gates[1]`, and in the file where that is known. */
  readonly path: string;
  readonly at?: Place | undefined;
  readonly warn: (message: string) => void;
  /** The taps that have begun and not answered, so that a plugin that hangs can be named. */
  readonly pending: Set<string>;
}

/**
 * The hook table as one plugin sees it. Every tap is awaited, an answer of null or false passes on to
 * the next tap, an error names plugin and hook, and an error in a tap of an observing hook does not affect the others.
 */
export function facadeFor(hooks: HookTable, registration: Registration): Hooks {
  const { plugin, path, warn, pending } = registration;
  const warned = new Set<string>();
  const facade = (name: HookName) => ({
    tap(options: string | { name: string }, tap: (...args: unknown[]) => unknown) {
      const guarded = async (...args: unknown[]) => {
        const entry = `${plugin}: ${name}`;
        pending.add(entry);
        try {
          const answer = await tap(...args);
          // Every answer of a hook is an object, so the false of `condition && answer` counts as no answer.
          return typeof answer === 'object' && answer !== null ? answer : undefined;
        } catch (cause) {
          const error = attribute(cause, name, registration);
          const { onThrow } = HOOKS[name];
          if (onThrow !== 'problem' && onThrow !== 'warning') throw error;
          if (onThrow === 'problem') (args[0] as Preflight).problem('PLUGIN_FAILED', `[plugin ${plugin}] ${messageOf(cause)} (${path})`);
          else if (!warned.has(name)) warn(`[plugin ${plugin}] ${name}: ${messageOf(cause)} (${path})`);
          warned.add(name);
          return undefined;
        } finally {
          pending.delete(entry);
        }
      };
      hooks[name].tapPromise(options, guarded as never);
    },
  });
  const names = Object.keys(hooks) as HookName[];
  return Object.freeze(Object.fromEntries(names.map((name) => [name, facade(name)]))) as unknown as Hooks;
}

/** Known errors and reasons keep their code; anything else is the plugin's failure. */
function attribute(cause: unknown, hook: string, { plugin, path, at }: Registration): unknown {
  if (cause instanceof ReasonError || cause instanceof AutoresearchError) return cause;
  if (cause instanceof Error && cause.name === 'AbortError') return cause;
  // A full disk is not the candidate's fault: the run stops, and measures it again when it is resumed.
  const machine = errorOfMachine(cause);
  if (isOfMachine(machine)) return machine;
  return new AutoresearchError('PLUGIN_FAILED', messageOf(cause), { plugin, hook, path, at, cause });
}
