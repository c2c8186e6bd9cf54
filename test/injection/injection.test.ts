/** Every text of a model, a program or a reviewer on every surface where it is shown: none does anything there. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepo, openTestRepo, type TestRepo } from '../helpers/repo.ts';
import { configOf, projectFiles, stepsAgent } from '../helpers/project.ts';
import { runCli } from '../helpers/run-cli.ts';
import { tmpdir } from 'node:os';
import { FORBIDDEN, HOSTILE, type Surface } from './hostile.ts';

const ids = HOSTILE.map((_, index) => index + 1);
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Each hostile text is a title, a hypothesis, a rationale, a risk, the name of a file, and the output of a trial; every third trial fails. */
function makeNight(dir: string): TestRepo {
  const steps = HOSTILE.map((text, index) => ({
    title: text,
    report: { hypothesis: text, rationale: `because\n${text}`, risks: [text, `a risk: ${text}`] },
    bash: [
      `echo ${base64(text)} | base64 -d > lib/say.txt`,
      `printf 'x\\nx\\nx\\n%s\\nx\\nx\\nx\\n' ${1 - (index + 1) / 100} > lib/value.txt`,
      `touch -- "lib/$(echo ${base64(text.replaceAll('/', '_').slice(0, 100))} | base64 -d)"`,
      index % 3 === 2 ? 'touch lib/fail' : 'rm -f lib/fail',
    ].join('; '),
    ...(index === HOSTILE.length - 1 && { prompt: 'prompt.txt' }),
  }));
  const files = projectFiles(
    configOf({
      agent: stepsAgent(steps),
      trainer: { use: 'command', with: { run: ['sh', 'train.sh'] }, timeout: '60s' },
      reporters: [{ use: 'terminal' }, { use: 'tsv' }, { use: 'jsonl' }],
      budget: { experiments: HOSTILE.length },
    }),
    {
      'train.sh': 'cat lib/say.txt; cat lib/say.txt >&2; [ ! -e lib/fail ] || exit 3; echo; echo "loss: $(grep -v x lib/value.txt)"\n',
      'lib/say.txt': '\n',
      'lib/value.txt': 'x\nx\nx\n1\nx\nx\nx\n',
    },
  );
  return makeRepo(files, dir);
}

type Shown = readonly [name: string, surface: Surface, text: string];

/** A table is looked at cell by cell. */
function partsOf([name, surface, text]: Shown): readonly Shown[] {
  if (surface !== 'table') return [[name, surface, text]];
  const format = text.split('\n')[0]?.includes('\t') === true ? { delimiter: '\t', quote: null } : {};
  const rows = parse(text, { ...format, relax_column_count: false });
  return rows.flat().map((cell): Shown => [name, surface, cell]);
}

let repo: TestRepo;
let dir: string;
const shown: Shown[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'autoresearch-injection-'));
  repo = makeNight(join(dir, 'project'));
  const cli = async (...args: string[]) => runCli(args, { cwd: repo.dir, env: { NO_COLOR: '1' } });
  const show = async (name: string, surface: Surface, ...args: string[]) => {
    const { code, stdout, stderr } = await cli(...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    shown.push([name, surface, stdout], [`${name}, messages`, 'terminal', stderr]);
  };
  await show('run', 'terminal', 'run', '--name', 'night');
  const kept = (JSON.parse((await cli('log', '--json')).stdout) as { id: number; verdict: string }[])
    .filter(({ id, verdict }) => id > 0 && verdict === 'keep')
    .map(({ id }) => id);
  // The first ones one by one, with notes and names of their own.
  const groups = [...kept.slice(0, 5).map((id) => [id]), kept.slice(5)];
  for (const [index, group] of groups.entries()) {
    const note = HOSTILE[5 * index] ?? '';
    const name = (HOSTILE[3 * index] ?? '').replaceAll(/[<>\n]/g, '');
    await show(`review of ${group.join()}`, 'terminal', 'review', '--approve', group.join(), '--note', note, '--as', name);
  }
  await show('log', 'terminal', 'log');
  await show('log --rank', 'terminal', 'log', '--rank');
  await show('log --tsv', 'table', 'log', '--tsv');
  await show('status', 'terminal', 'status');
  for (const id of ids) await show(`show ${id}`, 'terminal', 'show', String(id));
  await show('audit-log as markdown', 'markdown', 'audit-log', '--format', 'md');
  await show('audit-log as csv', 'table', 'audit-log', '--format', 'csv');
  await show('the text of a pull request', 'markdown', 'promote', '--branch', 'better', '--no-audit', '--as', 'Ada');
  await cli('report');
  const inRun = (name: string) => readFileSync(join(repo.dir, '.autoresearch/night', name), 'utf8');
  shown.push(
    ['the prompt of the last proposal', 'prompt', repo.read('prompt.txt')],
    ['the report', 'html', inRun('report.html')],
    ['results.tsv', 'table', inRun('results.tsv')],
    ['messages of commits', 'commit', repo.git('log', '--format=%B', 'better')],
    ['trailers of commits', 'commit', repo.git('log', '--format=%(trailers:only)', 'better')],
  );
}, 300_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('hostile texts', () => {
  it('have been through a whole run', () => {
    const titles = openTestRepo(repo.dir).git('log', '--format=%s', 'refs/autoresearch/night/ledger');
    expect(titles.match(/^#\d+ /gm)).toHaveLength(HOSTILE.length + 1);
    expect(shown.length).toBeGreaterThan(2 * HOSTILE.length);
  });

  it('do nothing on any surface', () => {
    const found = shown.flatMap(partsOf).flatMap(([name, surface, text]) =>
      FORBIDDEN[surface].flatMap((pattern) => {
        const match = new RegExp(pattern, pattern.flags).exec(text);
        return match === null ? [] : [`${name}: ${JSON.stringify(text.slice(Math.max(0, match.index - 60), match.index + 60))}`];
      }),
    );
    expect(found).toEqual([]);
  });
});
