import { canServeHistory } from '../../../src/agent.ts';
import type { AgentCheck, ExecResult, PluginContext, Preflight } from '../../../src/plugin.ts';
import { accessOf } from './service.ts';
import type { CliOptions } from './options.ts';
import type { Cli } from './types.ts';

const LIMIT_MS = 20_000;

/** Finds the program and its key before the run. */
export async function verifyCli(cli: Cli, options: CliOptions, context: PluginContext, preflight: Preflight): Promise<void> {
  const program = options.program ?? cli.program;
  const { spawnError } = await askVersion(cli, options, context);
  if (spawnError !== undefined) {
    preflight.problem(
      'COMMAND_NOT_FOUND',
      `${context.path}: the agent's program ${program} cannot be started`,
      `install it, or say in \`${'talk' in cli ? 'command' : 'program'}\` where it is: docs/agents.md`,
    );
  }
  if (await isMissing(cli)) {
    preflight.problem('PACKAGE_MISSING', `${context.path}: ${cli.package} cannot be loaded`, `npm install ${cli.package}`);
  }
  if (options.history === 'mcp' && !(await canServeHistory())) {
    preflight.problem(
      'PACKAGE_MISSING',
      `${context.path}: \`history: mcp\` needs @modelcontextprotocol/server, which cannot be loaded`,
      'npm install @modelcontextprotocol/server',
    );
  }
  const { key } = accessOf(cli, options);
  if (!options.login && (process.env[key] ?? '') === '') {
    preflight.problem(
      'AGENT_KEY_MISSING',
      `${context.path}: the variable ${key} holds no key`,
      `export ${key}=…, name another with \`key\`, or set \`login: true\` to use the agent's own login`,
    );
  }
}

export async function checkCli(cli: Cli, options: CliOptions, context: PluginContext): Promise<AgentCheck> {
  const program = options.program ?? cli.program;
  const { spawnError, tail } = await askVersion(cli, options, context);
  const version = /\d+\.\d+\.\d+\S*/.exec(tail)?.[0] ?? 'of an unknown version';
  const { key, url } = accessOf(cli, options);
  return {
    found: spawnError === undefined ? `${program} ${version}` : `${program} cannot be started: ${spawnError}`,
    login: options.login ? 'its own login, not metered' : `${process.env[key] ? 'key' : 'no key'} in ${key}, metered on the way to ${url}`,
    scope: options.unrestricted ? 'none of its own (unrestricted)' : cli.scope,
  };
}

/** Loads the package, because one that is installed may still not work. */
async function isMissing({ package: name }: Cli): Promise<boolean> {
  if (name === undefined) return false;
  return import(name).then(
    () => false,
    () => true,
  );
}

function askVersion(cli: Cli, { program = cli.program }: CliOptions, { exec, signal }: PluginContext): Promise<ExecResult> {
  return exec([program, '--version'], { timeoutMs: LIMIT_MS, signal });
}
