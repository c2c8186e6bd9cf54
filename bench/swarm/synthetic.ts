/** Signed ledgers of many nodes as git has them, without a run: written by one `git fast-import` for each node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openGit } from '../../src/git/git.ts';
import { ObjectWriter } from '../../src/git/objects.ts';
import { signCommit } from '../../src/git/signature/signed-commit.ts';
import type { NodeKey } from '../../src/git/signature/ssh-key.ts';
import { ledgerMessage } from '../../src/ledger/message.ts';
import type { SettledExperiment } from '../../src/experiment.ts';
import { committed, proposed, settled } from '../../src/model/experiment-states.ts';
import { createRandom, type Random } from '../decisions/random.ts';

export const RUN = 'night';
export const OBJECTIVE = { label: 'val_bpb', direction: 'minimize' } as const;
const SIGMA = 0.24e-3;
const START = Date.UTC(2026, 0, 1) / 1000;
/** Of so many experiments one is kept, and of so many one measures what another node has found. */
const KEPT = 12;
const FOREIGN = 25;
const LOG = `${'step 100 loss 2.5 lr 0.001\n'.repeat(20)}`;

export const refOf = (node: number) => `refs/autoresearch/${RUN}/nodes/${nodeName(node)}`;
export const nodeName = (node: number) => `n${node}`;

export interface Part {
  readonly node: number;
  readonly nodes: number;
  /** Numbers of the experiments to write: from this one up to that one. */
  readonly from: number;
  readonly to: number;
  readonly base: string;
  /** The record that its ledger begins with. */
  readonly opened: object;
  readonly key: NodeKey;
}

/** Appends experiments to the ledger of a node, and signs the last of them, which is enough for all. */
export async function writeLedger(dir: string, part: Part): Promise<void> {
  const child = spawn('git', ['fast-import', '--quiet', '--force', '--done'], { cwd: dir, stdio: ['pipe', 'ignore', 'inherit'] });
  const write = async (text: string) => child.stdin.write(text) || (await once(child.stdin, 'drain'));
  const random = createRandom(1, part.node, part.from);
  for (let id = part.from; id < part.to; id++) await write(entryOf(id, part, random));
  child.stdin.end('done\n');
  const [code]: unknown[] = await once(child, 'close');
  if (code !== 0) throw new Error(`git fast-import ended with ${String(code)}`);
  const [git, ref] = [openGit(dir), refOf(part.node)];
  const text = await git.run(['cat-file', 'commit', ref]);
  const objects = await ObjectWriter.open(git);
  await git.run(['update-ref', ref, objects.write('commit', signCommit(text, part.key, objects.hash))]);
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** A candidate, and the entry of its experiment. */
function entryOf(id: number, { node, nodes, from, base, opened }: Part, random: Random): string {
  const record = experimentOf(id, { node, nodes, base }, random);
  const at = START + id * 300 + node;
  const who = `autoresearch <autoresearch@localhost> ${at} +0000`;
  const candidate = `commit refs/scratch/${node}\nmark :1\ncommitter ${who}\n${data(record.proposal.title)}from ${base}\nM 100644 inline train.py\n${data(`# ${node} ${id}\nLR = ${random.unit()}\n`)}\n`;
  const message = ledgerMessage(record, RUN, OBJECTIVE);
  const parent = id > 0 && id === from ? `from ${refOf(node)}^0\n` : '';
  const first = id === 0 ? '' : 'merge :1\n';
  const opening = `commit ${refOf(node)}\ncommitter ${who}\n${data(`opened ${RUN}\n\nAutoresearch-Session: opened\n`)}M 100644 inline record.json\n${data(JSON.stringify(opened))}\n`;
  return `${id === 0 ? opening : candidate}commit ${refOf(node)}\ncommitter ${who}\n${data(message)}${parent}${first}M 100644 inline record.json\n${data(JSON.stringify(record, null, 1))}M 100644 inline log.txt\n${data(LOG)}\n`;
}

function experimentOf(id: number, { node, nodes, base }: Pick<Part, 'node' | 'nodes' | 'base'>, random: Random): SettledExperiment {
  const kept = id % KEPT === 0;
  const incumbent = Math.floor(Math.max(0, id - 1) / KEPT) * KEPT;
  const effect = (kept ? -2 : 1) * SIGMA + SIGMA * random.normal() * 0.3;
  const other = (node + 1 + Math.floor(random.unit() * (nodes - 1))) % nodes;
  const isForeign = nodes > 1 && id > 3 * KEPT && id % FOREIGN === 0;
  const candidate = hex(node, id);
  const kind = id === 0 ? 'baseline' : 'change';
  const basis = { incumbent: id === 0 ? null : incumbent, commit: base };
  const proposal = { title: `node ${node} sets the rate of layer ${id} to ${random.unit().toFixed(4)}`, hypothesis: 'a larger step', rationale: 'the loss is still falling at the end', risks: ['it diverges'], agent: 'claude-code', source: 'schema' } as const; // prettier-ignore
  const made = { candidate: id === 0 ? base : candidate, changes: [], diff: { files: 1, added: 1, removed: 1 } };
  const started = committed(proposed({ run: RUN, id, kind, basis, startedAt: '2026-01-01T00:00:00.000Z' }, proposal), made);
  const estimate = { effect, low: effect - SIGMA, high: effect + SIGMA, pGain: 0.5, n: 2, method: 'synthetic', measured: { difference: effect, sd: 0.8 * SIGMA } }; // prettier-ignore
  const judgements = id === 0 ? [] : [{ gate: 'posterior', outcome: kept ? 'pass' : 'fail', code: kept ? 'LIKELY_GAIN' : 'UNLIKELY_GAIN', reason: 'a gain with probability 0.5', estimate } as const]; // prettier-ignore
  const verdict = kept ? 'keep' : 'discard';
  const reason = { code: kept ? 'LIKELY_GAIN' : 'UNLIKELY_GAIN', text: 'the estimate of its effect' };
  const experiment = { ...started, key: candidate.slice(-16), metrics: { val_bpb: 1 + effect } };
  const record = settled(
    { experiment, verdict, reason, score: { value: 1 + effect, spread: SIGMA, n: 2 }, judgements },
    { incumbent: null, settledAt: '2026-01-01T00:00:00.000Z', seconds: 300 },
  );
  const origin = isForeign ? { origin: `${nodeName(other)}#${Math.floor((id - 2 * KEPT) / KEPT) * KEPT}` } : {};
  return { ...record, incumbent: id === 0 ? null : { id: incumbent, score: 1 }, ...origin };
}

function hex(node: number, id: number): string {
  return (node * 1_000_000 + id + 1).toString(16).padStart(40, 'a');
}
