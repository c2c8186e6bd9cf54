import { join } from 'node:path';

/** The coding agents that are run for real, with the versions the parsers and rules are known to fit. */
export const AGENTS = {
  'claude-code': { package: '@anthropic-ai/claude-code', version: '2.1.332', bin: 'claude' },
  codex: { package: '@openai/codex', version: '0.171.0', bin: 'codex' },
  gemini: { package: '@google/gemini-cli', version: '0.61.0', bin: 'gemini' },
  pi: { package: '@earendil-works/pi-coding-agent', version: '1.5.2', bin: 'pi' },
  opencode: { package: 'opencode-ai', version: '1.18.33', bin: 'opencode' },
} as const;

export type AgentName = keyof typeof AGENTS;

export const CACHE = join(import.meta.dirname, '../../.cache/real-agents');

export const folderOf = (name: AgentName) => join(CACHE, `${name}-${AGENTS[name].version}`);
export const programOf = (name: AgentName) => join(folderOf(name), 'node_modules/.bin', AGENTS[name].bin);
