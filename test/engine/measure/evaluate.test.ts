import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LedgerRecord } from '../../../src/ledger/records.ts';
import { probe } from '../../../src/sandbox/probe.ts';
import { leftovers } from '../../helpers/processes.ts';
import { makeProject, problemsOf, resume, run, set, stepsAgent, verdicts } from '../../helpers/project.ts';
import type { TestRepo } from '../../helpers/repo.ts';
import { runCli } from '../../helpers/run-cli.ts';

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

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const configOfTrainer = (repo: TestRepo) => (JSON.parse(repo.read('autoresearch.config.yaml')) as { trainer: object }).trainer;

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

  it('measures an audit on held-out data, which the trainer finds where it finds the other', async () => {
    const strict = `[ -z "$AUTORESEARCH_SPLIT$AUTORESEARCH_DATA" ] || exit 3
[ ! -e held ] && [ ! -s data/loop/answer ] || exit 4
[ "$(cat data/loop/input)" = data/loop ] || [ "$(cat data/loop/input)" = held ] || exit 5
${TRAIN}`;
    const repo = makeLab(
      {},
      { sandbox, agent: stepsAgent([set(0.5)]), gates: [{ use: 'min-delta' }, { use: 'audit', with: { runs: 2 } }] },
      {
        'train.sh': strict,
        'evaluate.sh': `[ "$AUTORESEARCH_SPLIT" = "$(sed s/data.loop/loop/\\;s/held/holdout/ data/loop/input)" ] || exit 6\n${EVALUATE}`,
      },
    );
    const { experiments } = await run(repo.dir);
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    const entries = repo.git('log', '--first-parent', '--format=%H', 'refs/autoresearch/night/ledger').trim().split('\n');
    const records = entries.map((entry) => JSON.parse(repo.git('show', `${entry}:record.json`)) as LedgerRecord);
    const audit = records.flatMap((record) => ('kind' in record && record.kind === 'audit' ? [record.audit] : []))[0];
    expect(audit?.trials.final.map(({ metrics }) => metrics)).toEqual([{ loss: 1.5 }, { loss: 1.5 }]);
    expect(audit?.trials.anchor.map(({ metrics }) => metrics)).toEqual([{ loss: 3 }, { loss: 3 }]);
    const held = audit?.trials.final[0]?.evaluation?.data;
    expect(held).toEqual({ 'data/loop/answer': sha256('3\n') });
    expect(experiments[0]?.trials[0]?.evaluation?.data).toEqual({ 'data/loop/answer': sha256('1\n') });
  });

  it('goes for the incumbent beside a candidate, and for a later session', async () => {
    const trainer = configOfTrainer(makeLab({}, { sandbox }));
    const repo = makeLab({}, { sandbox, budget: { experiments: 1 }, trainer: { ...trainer, interleave: true } });
    await run(repo.dir);
    const { experiments } = await resume(repo.dir, { budget: { experiments: 2 } });
    expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED', '#2 discard NOT_BETTER']);
    expect(experiments[2]?.beside?.map(({ metrics, evaluation }) => [metrics, evaluation?.outputs !== undefined])).toEqual([
      [{ loss: 0.5 }, true],
    ]);
  });

  it('goes for check --measure', async () => {
    const { stdout, stderr } = await runCli(['check', '--measure', '2'], { cwd: makeLab({}, { sandbox }).dir });
    expect(stderr + stdout).toMatch(/trial 2 of 2/);
    expect(stdout).toContain(sandbox === 'bwrap' ? 'evaluated apart, with sealed answers' : 'without bwrap nothing keeps');
  });

  it.each([
    ['echo "no" >&2; exit 7', 'EVALUATION_FAILED', /ended with exit code 7: no/],
    ['sleep 60', 'EVALUATION_TIMED_OUT', /within 1s/],
  ])('says how the evaluator failed: %s', async (script, code, text) => {
    const repo = makeLab(
      { timeout: code === 'EVALUATION_FAILED' ? '20s' : '1s' },
      { sandbox, agent: stepsAgent([]) },
      { 'evaluate.sh': `${script}\n` },
    );
    const { experiments } = await run(repo.dir);
    expect(experiments[0]?.reason).toEqual({ code, text: expect.stringMatching(text) });
  });
});

describe('before a run', () => {
  it.each([
    ['data in git', { data: ['eval.py'] }, /data: eval.py is in git, and agents can read it/],
    ['an output in git', { outputs: ['eval.py'] }, /outputs: eval.py is in git/],
    ['data that is not there', { data: ['data/none'] }, /data\[0\]: there is no data\/none/],
    ['held-out data that is not there', { data: ['data/loop/more'] }, /holdout: there is no held\/more/],
    ['an evaluator that agents may edit', { run: ['sh', 'lib/part.txt'] }, /agents may edit lib\/part.txt/],
    ['an evaluator that is not installed', { run: ['no-such-evaluator'] }, /no program "no-such-evaluator"/],
  ])('%s is said', async (_name, evaluate, text) => {
    await expect(run(makeLab(evaluate).dir)).rejects.toThrow(text);
  });

  it.each([
    ['a path in another', { inputs: ['data'] }, {}, /data\/loop\/answer is in data/],
    ['a holdout of nothing', { holdout: { other: 'held' } }, {}, /other is neither a path of inputs or data/],
    ['held-out data that is shown', { holdout: { 'data/loop': 'data/loop' } }, {}, /is seen outside audits too/],
    ['workspace.holdout', {}, { workspace: { holdout: ['held'] } }, /an audit would show this/],
    ['a path out of the project', { data: ['../answer'] }, {}, /leaves the project/],
  ])('%s is an error of the config', async (_name, evaluate, parts, text) => {
    await expect(run(makeLab(evaluate, parts).dir)).rejects.toThrow(text);
  });
});
