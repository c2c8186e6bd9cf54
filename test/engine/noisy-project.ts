import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRepository } from '../../src/git/repository.ts';
import { readRun } from '../../src/ledger/read.ts';
import type { Audit } from '../../src/plugin.ts';
import { makeProject, RUN, stepsAgent, type Step } from '../helpers/project.ts';
import type { TestRepo } from '../helpers/repo.ts';

/** What the trainer noted of each trial it ran, beside the worktree. */
export interface Seen {
  readonly experiment: number;
  readonly seed: number;
  readonly split: string;
  readonly holdout: boolean;
}

/** How the trainer behaves; its level is the number in value.txt. */
export interface World {
  readonly sigma?: number;
  /** The level moves by `shift` from this experiment, or after so many trials in all. */
  readonly shift?: { readonly by: number; readonly experiment?: number; readonly trials?: number };
  /** Shell-like switches on the held-out split: exit with a code, or print a curve that is not finite. */
  readonly onHoldout?: 'exit' | 'nan';
}

/** The noise comes from the seed and from all of value.txt, so that any change draws anew. */
const TRAINER = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
const world = JSON.parse(readFileSync('world.json', 'utf8'));
const env = process.env;
const content = readFileSync('value.txt', 'utf8');
const seen = 'state/seen.jsonl';
const before = existsSync(seen) ? readFileSync(seen, 'utf8').split('\\n').length - 1 : 0;
const isHoldout = env.AUTORESEARCH_SPLIT === 'holdout';
const experiment = Number(env.AUTORESEARCH_EXPERIMENT);
appendFileSync(seen, JSON.stringify({ experiment, seed: Number(env.AUTORESEARCH_SEED), split: env.AUTORESEARCH_SPLIT, holdout: existsSync('holdout.txt') }) + '\\n');
const normal = (name) => {
  const bytes = createHash('sha256').update(name).digest();
  return Array.from({ length: 12 }, (_, i) => bytes.readUInt16LE(2 * i) / 65536).reduce((sum, value) => sum + value, -6);
};
const { sigma = 0, shift, onHoldout } = world;
const isShifted = shift && (shift.trials !== undefined ? before >= shift.trials : experiment >= shift.experiment);
const [level] = content.split(' ').map(Number);
const loss = level + (isShifted ? shift.by : 0) + sigma * normal(env.AUTORESEARCH_SEED + content);
const worse = Number(/bad=(\\S+)/.exec(content)?.[1] ?? 0);
// Some items fail with a bad change, but none of those that the loop sees.
const failing = isHoldout ? Math.round(100 * worse) : 0;
writeFileSync('items.jsonl', Array.from({ length: 100 }, (_, i) => JSON.stringify({ id: (isHoldout ? 'h' : 'l') + i, value: i < failing ? 1 : 0 })).join('\\n') + '\\n');
for (const at of [0.2, 0.4, 0.6, 0.8, 1]) console.log('curve: ' + at + ' ' + (isHoldout && onHoldout === 'nan' ? 'nan' : loss + 1 - at));
if (isHoldout && onHoldout === 'exit') process.exit(3);
if (/diverges/.test(content)) { console.log('curve: 0.1 nan'); await new Promise((done) => setTimeout(done, 30_000)); }
console.log('loss: ' + loss);
`;

/** Sets the level, with whatever else the trainer is to read. */
export const level = (value: number, more = ''): Step => ({ bash: `test -e holdout.txt && exit 9; echo '${value} ${more}' > value.txt` });

export function makeNoisyProject(world: World, steps: readonly Step[], parts: Readonly<Record<string, unknown>> = {}): TestRepo {
  const repo = makeProject(
    {
      agent: stepsAgent(steps),
      trainer: { use: 'command', with: { run: [process.execPath, 'train.mjs'] }, timeout: '20s' },
      workspace: { link: ['state'], writable: ['state'], outputs: ['items.jsonl'], holdout: ['holdout.txt'] },
      metrics: {
        loss: { use: 'regex', with: { pattern: '^loss: (.+)$', curve: '^curve: (\\S+) (\\S+)' } },
        errors: { use: 'items', with: { file: 'items.jsonl' } },
      },
      ...parts,
    },
    {
      'train.mjs': TRAINER,
      'world.json': JSON.stringify(world),
      'value.txt': '1 start\n',
      '.gitignore': 'state\nholdout.txt\nitems.jsonl\n',
    },
  );
  repo.write('state/.keep', '');
  repo.write('holdout.txt', 'held out\n');
  return repo;
}

export function seenBy({ dir }: TestRepo): Seen[] {
  const file = join(dir, 'state/seen.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Seen);
}

export async function auditsOf({ dir }: TestRepo, name = RUN): Promise<Audit[]> {
  const { git } = await openRepository(dir);
  const { sessions } = await readRun(git, name);
  return sessions.flatMap((session) => (session.kind === 'audit' ? [session.audit] : []));
}
