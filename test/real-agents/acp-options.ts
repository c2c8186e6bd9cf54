import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { programOf } from './installed.ts';

interface Written {
  readonly agent: { readonly with: { readonly command: readonly string[] } };
}

/** The options docs/agents.md gives for an agent over ACP, word for word but for where its program is. */
export function acpOptions(name: 'gemini' | 'opencode'): object {
  const text = readFileSync(join(import.meta.dirname, '../../docs/agents.md'), 'utf8');
  const blocks = [...text.matchAll(/```yaml\n([^`]*\n {2}use: acp\n[^`]*)```/g)].map(([, block]) => parse(block ?? '') as Written);
  const options = blocks.map(({ agent }) => agent.with).find(({ command }) => command[0] === name);
  if (options === undefined) throw new Error(`docs/agents.md has no configuration for ${name} over ACP`);
  return { ...options, command: [programOf(name), ...options.command.slice(1)] };
}
