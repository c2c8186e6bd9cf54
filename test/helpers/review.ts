/** A run whose night is over: keeps that build on each other, and changes that are parked for a human. */
import { configOf, run, stepsAgent, type Step } from './project.ts';
import { makeRepo, type TestRepo } from './repo.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const lab = readFileSync(join(import.meta.dirname, '../fixtures/plugins/lab.mjs'), 'utf8');

/** Parks a change when its title says so; judged after the others, like any gate. */
const PARK = `export default { kind: 'gate', name: 'park', apiVersion: 1, description: 'Parks.', schema: false, create: () => ({
  judge: ({ proposal }) => proposal.title.startsWith('park')
    ? { outcome: 'review', code: 'ASK', reason: 'a human must see it' }
    : { outcome: 'pass', code: 'FINE', reason: 'fine' } }) };
`;

/** The loss is the sum of the numbers in a.txt to d.txt, each on the middle of nine lines, so that changes of different files merge. */
const TRAIN = 'echo "loss: $(cat lib/*.txt | grep -v x | awk \'{ s += $1 } END { print s }\')"\n';

export const change = (file: string, value: number, more: Partial<Step> = {}): Step => ({
  bash: `printf 'x\\n%s\\nx\\n' ${value} > lib/${file}.txt`,
  title: `${file} to ${value}`,
  ...more,
});

export const parked = (file: string, value: number): Step => change(file, value, { title: `park ${file} at ${value}` });

export function makeNight(steps: readonly Step[], parts: Parameters<typeof configOf>[0] = {}, dir?: string): TestRepo {
  const config = configOf({ agent: stepsAgent(steps), gates: [{ use: 'min-delta' }, { use: './park.mjs' }], ...parts });
  const text = (value: number) => `x\n${value}\nx\n`;
  const files = {
    'autoresearch.config.yaml': JSON.stringify(config, null, 1),
    'lab.mjs': lab,
    'park.mjs': PARK,
    'train.sh': TRAIN,
    'value.txt': '1\n',
    'lib/a.txt': text(10),
    'lib/b.txt': text(10),
    'lib/c.txt': text(10),
    'lib/d.txt': text(10),
  };
  return makeRepo(files, dir);
}

/** Keeps #1 (a) and #2 (b), a discard #3, and parked #4 (c). */
export async function playNight(
  steps = [change('a', 5), change('b', 5), change('b', 50), parked('c', 4)],
  dir?: string,
): Promise<TestRepo> {
  const repo = makeNight(steps, {}, dir);
  await run(repo.dir);
  return repo;
}
