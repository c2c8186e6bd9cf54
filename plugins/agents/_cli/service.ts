import type { AgentFailure, Brief, Meter, PluginContext } from '../../../src/plugin.ts';
import { FORMATS } from './formats.ts';
import type { CliOptions } from './options.ts';
import type { Cli } from './types.ts';

/** Ends an agent that repeats itself, if the config sets no limit. */
const DEFAULT_REQUESTS = 200;

/** The name of the variable that holds the key, and where it is good. */
export function accessOf({ format }: Cli, options: CliOptions): { readonly key: string; readonly url: string } {
  const usual = FORMATS[options.format ?? format];
  return { key: options.key ?? usual.key, url: options.url ?? usual.url };
}

/** Starts the meter; none with a login of the agent's own. */
export async function openService(
  cli: Cli,
  options: CliOptions,
  context: PluginContext,
  { limits, signal }: Brief,
  onActivity: () => void,
): Promise<{ readonly meter: Meter | null } | AgentFailure> {
  if (options.login) return { meter: null };
  const { key: name, url } = accessOf(cli, options);
  const key = process.env[name] ?? '';
  if (key === '') return { status: 'failed', kind: 'auth', message: `the variable ${name} holds no key` };
  warnOnce(cli, options, context, limits.usd);
  const { requests = DEFAULT_REQUESTS, tokens, usd } = limits;
  const caps = {
    requests,
    ...(tokens !== undefined && { tokens }),
    // Without prices the meter cannot count dollars; an agent that can enforce such a limit itself is told it.
    ...(usd !== undefined && options.prices && { usd }),
  };
  return {
    meter: await context.meter({ upstream: url, key, caps, signal, onActivity, ...(options.prices && { prices: options.prices }) }),
  };
}

const warned = new WeakSet<PluginContext>();

/** Warns of a limit that nothing can enforce. */
function warnOnce({ holdsUsd }: Cli, { prices }: CliOptions, context: PluginContext, usd: number | undefined): void {
  if (usd === undefined || prices !== undefined || holdsUsd || warned.has(context)) return;
  warned.add(context);
  context.log.warn(
    `${context.path}: without \`prices\` the costs of ${context.label} are unknown: its limit in dollars cannot be enforced`,
  );
}

/** The environment of the agent: the allowed one, a home of its own, and never the key. */
export function environmentOf(cli: Cli, options: CliOptions, brief: Brief, home: string): Record<string, string> {
  const named = options.env.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  const env: Record<string, string> = { ...brief.env, ...Object.fromEntries(named) };
  if (options.login) return env;
  const key = process.env[accessOf(cli, options).key];
  const withoutKey = Object.entries(env).filter(([, value]) => value !== key);
  return { ...Object.fromEntries(withoutKey), HOME: home };
}
