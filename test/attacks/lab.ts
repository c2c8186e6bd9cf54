import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProject } from '../helpers/project.ts';
import type { TestRepo } from '../helpers/repo.ts';
import type { LabOptions, Layer, Level } from './types.ts';

/** What the model is to predict; it is in the data, where an honest candidate does not look. */
export const ANSWER = 10;
/** The first commit predicts 11, a loss of 1; an honest experiment after the attack predicts 10.9. */
export const START = 11;
export const HONEST = 10.9;

/** An evaluator apart finds the held-out answers in the place of the others. */
const ANSWER_FILE = '"$([ "$AUTORESEARCH_SPLIT" = holdout ] && [ -e held ] && echo held || echo data)/answer"';
const SCORE = `awk -v value="$(cat out.txt)" -v answer="$(cat ${ANSWER_FILE})" 'BEGIN { d = value - answer; print "loss: " (d < 0 ? -d : d) }'`;
const PYTHON = `import os
import textwrap

def main():
    data = 'held' if os.environ.get('AUTORESEARCH_SPLIT') == 'holdout' and os.path.exists('held') else 'data'
    print(f'loss: {abs(float(open("out.txt").read()) - float(open(data + "/answer").read())):g}')

if __name__ == '__main__':
    main()
`;

/** The real program: what is found on the PATH may be a script that needs the home folder. */
const python = () => execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

function evaluateWith({ evaluator = 'shell' }: LabOptions): string {
  return evaluator === 'python' ? `${python()} judge/evaluate.py` : 'sh judge/evaluate.sh';
}

/** What an honest candidate does when it is trained: it predicts what is in value.txt. */
function workAt(level: Level, options: LabOptions): string {
  const predict = 'cp value.txt out.txt';
  const evaluate = evaluateWith(options);
  const works: Record<Level, string> = {
    printed: `${predict}; ${evaluate}`,
    files: `${predict}; ${evaluate} | sed 's/loss: \\(.*\\)/{ "loss": \\1 }/' > metrics.json`,
    beside: predict,
    apart: predict,
    sealed: predict,
  };
  return works[level];
}

function numberAt(level: Level, options: LabOptions): { trainer: object; metrics: object } {
  const printed = { loss: { use: 'regex', with: { pattern: '^loss: (.+)$' } } };
  const trainer = (script: string) => ({ use: 'command', with: { run: ['sh', '-c', script] }, timeout: '60s' });
  const numbers: Record<Level, { trainer: object; metrics: object }> = {
    printed: { trainer: trainer('sh lib/train.sh'), metrics: printed },
    files: {
      trainer: trainer('sh lib/train.sh'),
      metrics: { loss: { use: 'json', with: { file: 'metrics.json', pointer: '/loss' } } },
    },
    beside: { trainer: trainer(`sh lib/train.sh > train.log 2>&1; ${evaluateWith(options)}`), metrics: printed },
    apart: { trainer: { ...trainer('sh lib/train.sh'), evaluate: evaluateApart(options, { inputs: ['data/answer'] }) }, metrics: printed },
    sealed: { trainer: { ...trainer('sh lib/train.sh'), evaluate: evaluateApart(options, { data: ['data/answer'] }) }, metrics: printed },
  };
  return numbers[level];
}

function evaluateApart(options: LabOptions, answers: object): object {
  return {
    run: ['sh', '-c', evaluateWith(options)],
    outputs: ['out.txt'],
    holdout: { data: 'held' },
    // Two small files, and nothing else.
    maxOutputMb: 1,
    ...answers,
  };
}

const isApart = (level: Level) => level === 'apart' || level === 'sealed';

interface LabInput {
  readonly where: 'candidate' | 'agent';
  readonly script: string;
  readonly layer: Layer;
  readonly level: Level;
  readonly options: LabOptions;
}

/** A project whose agent does the attack in experiment 1, and something honest in experiment 2. */
export function makeLab({ where, script, layer, level, options }: LabInput, dir: string): TestRepo {
  const { evaluator, isAudited = false, parts = {}, files = {} } = options;
  const work = workAt(level, options);
  const trains = (text: string) => `cat > lib/train.sh <<'END_OF_TRAIN'\n${text}\n${work}\nEND_OF_TRAIN`;
  const attack =
    where === 'candidate' ? `${trains(script)}\n${isAudited ? `echo ${HONEST} > value.txt` : ''}` : `${script}\necho 10.95 > value.txt`;
  const honest = `${trains('true')}\necho ${HONEST} > value.txt`;
  const link = isApart(level) ? [] : ['data'];
  const audit = {
    gates: [{ use: 'min-delta' }, { use: 'audit', with: { runs: 2 } }],
    ...(!isApart(level) && { workspace: { link: ['data'], holdout: ['held'] } }),
  };
  const repo = makeProject(
    {
      scope: { edit: ['value.txt', 'lib/**', 'judge/open.txt', ...('wide/open.txt' in files ? ['wide/open.txt'] : [])] },
      workspace: {
        link,
        outputs: isApart(level) ? ['metrics.json'] : ['metrics.json', 'out.txt'],
        ...(options.env === undefined && { env: ['PYENV_ROOT'] }),
      },
      agent: { use: 'command', with: { run: ['sh', 'agent.sh'] } },
      ...numberAt(level, options),
      budget: { experiments: isAudited ? 1 : 2 },
      sandbox: layer === 'none' ? 'off' : 'bwrap',
      ...(isAudited && audit),
      ...parts,
    },
    {
      '.gitignore': 'data\nheld\n*.log\n',
      'agent.sh': `id=$(sed -n 's/^ *"experiment": \\([0-9]*\\),$/\\1/p' "$AUTORESEARCH_CONTEXT" | head -1)\nif [ "$id" = 1 ]; then\n${attack}\nelse\n${honest}\nfi\n`,
      'value.txt': `${START}\n`,
      'lib/train.sh': `${work}\n`,
      'judge/evaluate.sh': `${evaluator === 'slow' ? '[ ! -e value.txt ] || cmp -s out.txt value.txt || exit 1\nsleep 3.1\n' : ''}${SCORE}\n`,
      'judge/evaluate.py': PYTHON,
      'judge/open.txt': 'open\n',
      ...files,
    },
    dir,
  );
  for (const folder of ['data', 'held']) {
    mkdirSync(join(repo.dir, folder));
    writeFileSync(join(repo.dir, folder, 'answer'), `${ANSWER}\n`);
  }
  return repo;
}
