import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBrief, makeContext, makeExperiment, makePreflight, makeRunView, makeSummary, testPlugin } from '../../../src/testing.ts';
import type { AgentResult, Summary } from '../../../src/plugin.ts';
import replay from './index.ts';
import { readMail, readMessage } from './message.ts';

testPlugin(replay, {
  options: {
    valid: [{ from: 'patches' }, { run: 'main' }, { branch: 'topic' }],
    invalid: [{ from: '' }, { run: '../x' }, { branch: '--all' }, { patches: 'x' }],
  },
});

let folder: string;
let project: string;
let scratchDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'autoresearch-replay-'));
  project = join(folder, 'repository', 'project');
  scratchDir = join(folder, 'scratch');
  await Promise.all([mkdir(project, { recursive: true }), mkdir(scratchDir)]);
  await writeFile(join(project, 'train.py'), 'A = 1\n\n\n\nB = 2\n');
  await git('init', '-q', '-b', 'main');
  await commit('base');
});
afterEach(() => rm(folder, { recursive: true }));

async function git(...args: string[]): Promise<string> {
  const result = await makeContext().exec(['git', '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: project });
  if (result.exit !== 'completed') throw new Error(result.tail);
  return result.tail.trim();
}
async function commit(message: string): Promise<string> {
  await git('add', '-A');
  await git('commit', '-qm', message);
  return git('rev-parse', 'HEAD');
}
const train = (text?: string) =>
  text === undefined ? readFile(join(project, 'train.py'), 'utf8') : writeFile(join(project, 'train.py'), text);
const create = (options: { from?: string; run?: string; branch?: string }) => replay.create(options, makeContext({ projectDir: project }));

/** Replays to the end, as the engine would: each change is committed. */
async function replayAll(
  options: Parameters<typeof create>[0],
  base: string,
  isFresh = false,
): Promise<{ results: AgentResult[]; texts: string[] }> {
  const history: Summary[] = [];
  const results: AgentResult[] = [];
  const texts: string[] = [];
  const run = { baseline: makeExperiment({ id: 0, candidate: base }) };
  let agent = create(options);
  for (let id = 1; id < 10; id += 1) {
    if (isFresh) agent = create(options);
    const result = await agent.propose(
      makeBrief({
        id,
        cwd: project,
        scratchDir,
        parent: await git('rev-parse', 'HEAD'),
        run: makeRunView({ ...run, history: [...history] }),
      }),
    );
    results.push(result);
    if (result.status !== 'proposed' && result.status !== 'no-change') break;
    expect(await git('diff', '--cached', '--name-only')).toBe('');
    texts.push(String(await train()));
    if (result.status === 'proposed') await commit('kept');
    history.push(makeSummary({ id, params: result.report.params ?? {} }));
  }
  return { results, texts };
}

describe('replaying a folder', () => {
  it('applies patches in order, reports one that does not apply, and ends', async () => {
    const base = await git('rev-parse', 'HEAD');
    await train('A = 10\n\n\n\nB = 2\n');
    await commit('Raise A\n\nIt was low.\n\nSigned-off-by: me <m@x>');
    await mkdir(join(project, 'patches'));
    await git('format-patch', '-q', '-1', '-o', 'patches', '--start-number', '1');
    await writeFile(join(project, 'patches/0002-bad.diff'), '--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-Z = 1\n+Z = 2\n');
    await writeFile(join(project, 'patches/0003-b.patch'), '--- a/train.py\n+++ b/train.py\n@@ -5 +5 @@\n-B = 2\n+B = 3\n');
    await writeFile(join(project, 'patches/0003-b.json'), '{"title": "Raise B", "risks": "slower", "rationale": "a guess"}');
    await git('reset', '-q', '--hard', base);
    const { results, texts } = await replayAll({ from: 'patches' }, base);
    expect(results).toMatchObject([
      {
        status: 'proposed',
        report: { title: 'Raise A', rationale: 'It was low.', params: { patch: '0001-Raise-A.patch' }, source: 'file' },
      },
      { status: 'no-change', report: { title: 'does not apply: 0002-bad', params: { patch: '0002-bad.diff' } } },
      { status: 'proposed', report: { title: 'Raise B', rationale: 'a guess', risks: ['slower'], source: 'file' } },
      { status: 'exhausted' },
    ]);
    expect(results[1]?.status === 'no-change' && results[1].report.rationale).toMatch(/patch does not apply|patch failed/);
    expect(texts).toEqual(['A = 10\n\n\n\nB = 2\n', 'A = 10\n\n\n\nB = 2\n', 'A = 10\n\n\n\nB = 3\n']);
  });

  it('reads what is done from the history, so that a new instance goes on', async () => {
    const base = await git('rev-parse', 'HEAD');
    await mkdir(join(project, 'patches'));
    await writeFile(join(project, 'patches/1.diff'), '--- a/train.py\n+++ b/train.py\n@@ -1,2 +1,2 @@\n-A = 1\n+A = 2\n \n');
    await writeFile(join(project, 'patches/2.diff'), '--- a/train.py\n+++ b/train.py\n@@ -1,2 +1,2 @@\n-A = 2\n+A = 3\n \n');
    const { results } = await replayAll({ from: 'patches' }, base, true);
    expect(results.map(({ status }) => status)).toEqual(['proposed', 'proposed', 'exhausted']);
  });
});

describe('replaying git', () => {
  it('takes the commits of a branch since the baseline', async () => {
    const base = await git('rev-parse', 'HEAD');
    await git('checkout', '-qb', 'topic');
    await train('A = 5\n\n\n\nB = 2\n');
    await commit(
      'LR up\n\nHypothesis: faster\n\nRationale: it was slow\n\nRisks:\n- diverges\n\nAutoresearch-Run: x\nAutoresearch-Experiment: 1',
    );
    await train('A = 5\n\n\n\nB = 6\n');
    await commit('B up');
    await git('checkout', '-q', 'main');
    const { results, texts } = await replayAll({ branch: 'topic' }, base);
    expect(results).toMatchObject([
      { status: 'proposed', report: { title: 'LR up', hypothesis: 'faster', rationale: 'it was slow', risks: ['diverges'] } },
      { status: 'proposed', report: { title: 'B up' } },
      { status: 'exhausted' },
    ]);
    expect(texts).toEqual(['A = 5\n\n\n\nB = 2\n', 'A = 5\n\n\n\nB = 6\n']);
  });

  it('takes all candidates of a recorded run with their reports, kept or not', async () => {
    const base = await git('rev-parse', 'HEAD');
    const candidate = async (text: string) => {
      await git('checkout', '-q', base);
      await train(text);
      return commit('candidate');
    };
    const candidates = [base, await candidate('A = 5\n\n\n\nB = 2\n'), await candidate('A = 1\n\n\n\nB = 6\n')];
    await git('checkout', '-q', 'main');
    let tip = '';
    for (const [id, commitId] of candidates.entries()) {
      const record = makeExperiment({
        id,
        candidate: commitId,
        proposal: { ...makeExperiment().proposal, title: `change ${id}`, params: { LR: id } },
      });
      await writeFile(join(scratchDir, 'record.json'), JSON.stringify(record));
      const blob = await git('hash-object', '-w', join(scratchDir, 'record.json'));
      await writeFile(join(scratchDir, 'tree'), `100644 blob ${blob}\trecord.json\n`);
      const tree = await makeContext().exec(['sh', '-c', `git mktree < ${join(scratchDir, 'tree')}`], { cwd: project });
      tip = await git(
        'commit-tree',
        tree.tail.trim(),
        ...(tip === '' ? [] : ['-p', tip]),
        ...(id === 0 ? [] : ['-p', commitId]),
        '-m',
        `#${id} discard score 1 change ${id}`,
      );
    }
    await git('update-ref', 'refs/autoresearch/old/ledger', tip);
    const { results, texts } = await replayAll({ run: 'old' }, base);
    expect(results).toMatchObject([
      {
        status: 'proposed',
        report: { title: 'change 1', params: { patch: 'old#1', LR: 1 }, source: 'schema', risks: ['Training may diverge.'] },
      },
      { status: 'proposed', report: { title: 'change 2', params: { patch: 'old#2', LR: 2 } } },
      { status: 'exhausted' },
    ]);
    expect(texts).toEqual(['A = 5\n\n\n\nB = 2\n', 'A = 5\n\n\n\nB = 6\n']);
  });

  it('fails for good when the run is not there', async () => {
    expect(await create({ run: 'none' }).propose(makeBrief({ cwd: project, scratchDir }))).toMatchObject({
      status: 'failed',
    });
  });
});

describe('verify', () => {
  const problemsOf = async (options: Parameters<typeof create>[0]) => {
    const { preflight, problems } = makePreflight({}, { projectDir: project });
    await create(options).verify?.(preflight);
    return problems.map(({ message }) => message).join();
  };

  it('wants exactly one source, and that it is there', async () => {
    expect(await problemsOf({})).toContain('exactly one');
    expect(await problemsOf({ from: 'a', run: 'b' })).toContain('exactly one');
    expect(await problemsOf({ from: 'nowhere' })).toContain('no folder nowhere');
    expect(await problemsOf({ from: '.' })).toContain('no *.patch');
    expect(await problemsOf({ run: 'none' })).toContain('no recorded run "none"');
    expect(await problemsOf({ branch: 'none' })).toContain('no branch "none"');
    expect(await problemsOf({ branch: 'main' })).toBe('');
  });
});

describe('reading messages', () => {
  it('decodes and unfolds a mail’s subject', () => {
    const mail =
      'From 1 Mon Sep 17\nSubject: [PATCH 2/3] =?UTF-8?q?LR=200.1=20=E2=86=92=200.2?=\n =?UTF-8?q?=20and=20more?=\nMIME-Version: 1.0\n\nWhy.\n\n---\n train.py | 2 +-\n\ndiff --git a/x b/x\n';
    expect(readMail(mail)).toEqual({ title: 'LR 0.1 → 0.2 and more', rationale: 'Why.' });
    expect(readMail('diff --git a/x b/x\nSubject: no\n')).toBe(null);
  });

  it('takes plain prose for the rationale', () => {
    expect(readMessage('T', 'One.\n\nTwo.\n\nAutoresearch-Run: x')).toEqual({ title: 'T', rationale: 'One.\n\nTwo.' });
  });
});
