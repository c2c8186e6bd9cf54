import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../src/sandbox/probe.ts';
import { leftovers } from '../helpers/processes.ts';
import { makeProject, problemsOf, run, set, stepsAgent, verdicts } from '../helpers/project.ts';
import type { TestRepo } from '../helpers/repo.ts';

const { layer } = await probe('auto');
const MODES = layer === 'bwrap' ? (['bwrap', 'off'] as const) : (['off'] as const);

type Parts = Readonly<Record<string, unknown>>;

const TRAIN = 'cp value.txt model.txt; echo "trained on $(cat data/loop/input)"; echo "loss: 0"\n';
const EVALUATE = 'echo "loss: $(awk "BEGIN { print $(cat model.txt) * $(cat data/loop/answer) }")"; echo "split $AUTORESEARCH_SPLIT"\n';

/** value.txt is handed over as model.txt; the loss is that times the sealed answer: 1 in the loop, 3 held out. */
function makeLab(evaluate: Parts = {}, parts: Parts = {}, files: Readonly<Record<string, string>> = {}): TestRepo {
  const repo = makeProject(
    {
      agent: stepsAgent([set(0.5), set(0.9)]),
      trainer: {
        use: 'command',
        with: { run: ['sh', 'train.sh'] },
        timeout: '20s',
        evaluate: {
          run: ['sh', 'evaluate.sh'],
          inputs: ['data/loop/input'],
          outputs: ['model.txt'],
          data: ['data/loop/answer'],
          holdout: { 'data/loop': 'held' },
          timeout: '20s',
          ...evaluate,
        },
      },
      ...parts,
    },
    { '.gitignore': 'data\nheld\n', 'train.sh': TRAIN, 'evaluate.sh': EVALUATE, ...files },
  );
  for (const [folder, answer] of [
    ['data/loop', 1],
    ['held', 3],
  ] as const) {
    mkdirSync(join(repo.dir, folder), { recursive: true });
    writeFileSync(join(repo.dir, folder, 'input'), `${folder}\n`);
    writeFileSync(join(repo.dir, folder, 'answer'), `${answer}\n`);
  }
  return repo;
}

describe.each(MODES)('a trial with two stages (sandbox: %s)', (sandbox) => {
  it('believes the evaluator alone, and records what was handed over', async () => {
    const repo = makeLab({}, { sandbox });
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 discard NOT_BETTER']);
    expect(experiments.map(({ metrics }) => metrics)).toEqual([{ loss: 1 }, { loss: 0.5 }, { loss: 0.9 }]);
    expect(experiments[0]?.trials[0]?.evaluation).toMatchObject({ outputs: { 'model.txt': expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(await leftovers(repo.dir)).toEqual([]);
  });
});
