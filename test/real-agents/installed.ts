import { join } from 'node:path';

/** The coding agents that are run for real, with the versions the parsers and rules are known to fit. */
export const AGENTS = {
  'claude-code': { package: '@anthropic-ai/claude-code', version: '2.1.332', bin: 'claude' },
  codex: { package: '@openai/codex', version: '0.171.0', bin: 'codex' },
  gemini: { package: '@google/gemini-cli', version: '0.61.0', bin: 'gemini' },
  pi: { package: '@earendil-works/pi-coding-agent', version: '1.5.2', bin: 'pi' },
  opencode: { package: 'opencode-ai', version: '1.18.33', bin: 'opencode' },
} as const;

/** All that is installed: the agents, and a client of MCP to check what they are given. */
export const PROGRAMS = {
  ...AGENTS,
  inspector: { package: '@modelcontextprotocol/inspector', version: '2.12.0', bin: 'mcp-inspector' },
} as const;

export type AgentName = keyof typeof AGENTS;
export type ProgramName = keyof typeof PROGRAMS;

export const CACHE = join(import.meta.dirname, '../../.cache/real-agents');

export const folderOf = (name: ProgramName) => join(CACHE, `${name}-${PROGRAMS[name].version}`);
export const programOf = (name: ProgramName) => join(folderOf(name), 'node_modules/.bin', PROGRAMS[name].bin);
