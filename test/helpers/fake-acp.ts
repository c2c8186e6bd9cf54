import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../plugins/agents/_cli/types.ts';
import acp from '../../plugins/agents/acp/index.ts';
import type { AgentResult, Brief } from '../../src/plugin.ts';
import { makeBrief, makeContext } from '../../src/testing.ts';
import { makeFolder } from './repo.ts';

/** An agent of the protocol, as the body of a handler of `session/prompt` with `send`, `ask` and `params`. */
export interface FakeAcp {
  readonly prompt?: string;
  /** What it says to `initialize`, when that is not the usual. */
  readonly hello?: object;
  /** A failure in place of a session. */
  readonly refuses?: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** Does it go on when its turn is cancelled? */
  readonly isDeaf?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly brief?: Partial<Brief>;
}

export interface Spoken {
  readonly result: AgentResult;
  /** Every message it was sent, oldest first. */
  readonly heard: readonly Event[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly scratchDir: string;
}

const program = ({ prompt = '', hello, refuses, isDeaf = false }: FakeAcp, folder: string) => `
import { appendFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
writeFileSync(${JSON.stringify(join(folder, 'env.json'))}, JSON.stringify(process.env));
const put = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
const waiting = new Map();
let asked = 0, cancelled;
const ask = (method, params) => new Promise((resolve) => (waiting.set('q' + ++asked, resolve), put({ id: 'q' + asked, method, params })));
const send = (update) => put({ method: 'session/update', params: { sessionId: 's1', update } });
const say = (text) => send({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const onCancel = new Promise((resolve) => (cancelled = resolve));
const answers = {
  initialize: () => (${JSON.stringify(hello ?? { protocolVersion: 1, agentCapabilities: {} })}),
  authenticate: () => ({}),
  'session/new': () => { ${refuses ? `throw ${JSON.stringify(refuses)};` : ''} return { sessionId: 's1' }; },
  'session/set_mode': () => ({}),
  'session/prompt': async (params) => { ${prompt} ; return { stopReason: 'end_turn' }; },
};
createInterface({ input: process.stdin }).on('line', async (line) => {
  appendFileSync(${JSON.stringify(join(folder, 'heard'))}, line + '\\n');
  const { id, method, params, result } = JSON.parse(line);
  if (method === undefined) return waiting.get(id)?.(result);
  if (method === 'session/cancel' && !${isDeaf}) cancelled();
  if (id === undefined) return;
  try { put({ id, result: await answers[method](params) }); } catch (error) { put({ id, error }); }
});
`;

/** Asks the `acp` agent for a change, whose program is a real one that speaks as it is told. */
export async function speakWith(fake: FakeAcp): Promise<Spoken> {
  const folder = makeFolder();
  const [cwd, scratchDir, file] = ['wt', 'scratch', 'agent.mjs'].map((name) => join(folder, name)) as [string, string, string];
  await Promise.all([mkdir(cwd), mkdir(scratchDir)]);
  await writeFile(join(cwd, 'train.py'), 'LR = 0.1\n');
  await writeFile(file, program(fake, folder));
  const options = { command: [process.execPath, file], login: true, unrestricted: false, env: [], set: {}, files: {}, ...fake.options };
  const agent = acp.create(options as never, makeContext({ label: 'acp' }));
  const scope = { edit: ['train.py', 'lib/**'], protect: ['lib/fixed.py'] };
  const result = await agent.propose(makeBrief({ cwd, scratchDir, scope, timeoutMs: 20_000, ...fake.brief }));
  const heard = await readFile(join(folder, 'heard'), 'utf8').catch(() => '');
  return {
    result,
    heard: heard
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    env: JSON.parse(await readFile(join(folder, 'env.json'), 'utf8').catch(() => '{}')) as Record<string, string>,
    cwd,
    scratchDir,
  };
}
