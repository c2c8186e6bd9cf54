import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent, AgentResult, AnyDefinition, Brief } from '../../src/plugin.ts';
import { makeBrief, makeContext } from '../../src/testing.ts';
import { makeFolder } from './repo.ts';

export interface FakeCli {
  /** What it prints. */
  readonly prints?: ReadonlyArray<object | string>;
  readonly exitCode?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly brief?: Partial<Brief>;
  /** Files of the worktree. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Faked {
  readonly result: AgentResult;
  readonly args: readonly string[];
  readonly env: string;
  readonly stdin: string;
  readonly scratchDir: string;
}

/** Asks an agent for a change whose program only notes how it was called and prints what was recorded of the real one. */
export async function askFake(
  definition: AnyDefinition,
  { prints = [], exitCode = 0, options, brief, files = {} }: FakeCli,
): Promise<Faked> {
  const folder = makeFolder();
  const at = (name: string) => join(folder, name);
  await Promise.all([mkdir(at('wt')), mkdir(at('scratch'))]);
  for (const [name, text] of Object.entries({ 'train.py': 'LR = 0.1\n', ...files })) {
    await mkdir(join(at('wt'), name, '..'), { recursive: true });
    await writeFile(join(at('wt'), name), text);
  }
  await writeFile(at('printed'), prints.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''));
  const script = `#!/bin/sh\nfor a in "$@"; do printf '%s\\0' "$a"; done > ${at('args')}\nenv > ${at('env')}\ncat > ${at('stdin')}\ncat ${at('printed')}\nexit ${exitCode}\n`;
  await writeFile(at('cli'), script);
  await chmod(at('cli'), 0o755);
  const all = { login: true, unrestricted: false, args: [], env: [], model: 'some-model', program: at('cli'), ...options };
  const agent = definition.create(all as never, makeContext({ label: definition.name })) as Agent;
  const result = await agent.propose(makeBrief({ cwd: at('wt'), scratchDir: at('scratch'), ...brief }));
  const read = (name: string) => readFile(at(name), 'utf8').catch(() => '');
  return {
    result,
    args: (await read('args')).split('\0').slice(0, -1),
    env: await read('env'),
    stdin: await read('stdin'),
    scratchDir: at('scratch'),
  };
}

const REPORT = {
  title: 'LR up',
  hypothesis: 'h',
  rationale: 'r',
  risks: ['x'],
  expected: { delta: -1, confidence: 0.5 },
  status: 'changed',
};
export const FENCED = `Done.\n\`\`\`json\n${JSON.stringify(REPORT)}\n\`\`\``;
export { REPORT as FAKE_REPORT };
