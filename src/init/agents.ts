/** Agents that can work here: installed, and with a key or a login; the one of this package always can, where it finds constants. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isOnPath } from './on-path.ts';
import type { Tunable } from './tunables.ts';

export interface AgentChoice {
  readonly use: string;
  readonly with?: Readonly<Record<string, unknown>>;
  /** In words, for people. */
  readonly why: string;
}

const AGENTS: readonly {
  readonly use: string;
  readonly program: string;
  readonly keys: readonly string[];
  readonly logins: readonly string[];
}[] = [
  { use: 'claude-code', program: 'claude', keys: ['ANTHROPIC_API_KEY'], logins: ['.claude/.credentials.json'] },
  { use: 'codex', program: 'codex', keys: ['OPENAI_API_KEY'], logins: ['.codex/auth.json'] },
  { use: 'gemini', program: 'gemini', keys: ['GEMINI_API_KEY'], logins: ['.gemini/oauth_creds.json'] },
  { use: 'opencode', program: 'opencode', keys: ['ANTHROPIC_API_KEY'], logins: ['.local/share/opencode/auth.json'] },
  { use: 'pi', program: 'pi', keys: ['ANTHROPIC_API_KEY'], logins: ['.pi/agent/auth.json'] },
];

export const AGENT_NAMES = ['search', ...AGENTS.map(({ use }) => use)];

export interface FoundAgents {
  readonly usable: readonly AgentChoice[];
  /** Installed ones that have neither a key nor a login. */
  readonly locked: readonly string[];
}

export function findAgents(tunables: readonly Tunable[], env: NodeJS.ProcessEnv = process.env): FoundAgents {
  const installed = AGENTS.filter(({ program }) => isOnPath(program));
  const usable = installed.flatMap(({ use, program, keys, logins }): AgentChoice[] => {
    const key = keys.find((name) => (env[name] ?? '') !== '');
    if (key !== undefined) return [{ use, why: `${program} is installed, and ${key} is set` }];
    return logins.some((file) => existsSync(join(homedir(), file)))
      ? [{ use, with: { login: true }, why: `${program} is installed and logged in` }]
      : [];
  });
  const search =
    tunables.length === 0
      ? []
      : [{ use: 'search', with: { parameters: tunables }, why: `no model: it tunes ${tunables.map(({ name }) => name).join(', ')}` }];
  const locked = installed
    .filter(({ use }) => !usable.some((one) => one.use === use))
    .map(({ program, keys }) => `${program} is installed, but ${keys[0]} is not set and it is not logged in`);
  return { usable: [...usable, ...search], locked };
}
