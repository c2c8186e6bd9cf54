import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/plugin.ts';
import { FollowView, followLine } from '../../src/views/follow.ts';
import { makeEvents } from '../../src/testing.ts';
import { eventsOf } from '../helpers/events.ts';
import { makeProject, run, set, stepsAgent } from '../helpers/project.ts';
import { CLI, startCli } from '../helpers/run-cli.ts';

const CURVE = '^at (\\S+) loss (\\S+)$';
const waits =
  'echo "at 0.5 loss $(cat value.txt)"; while [ "$(cat value.txt)" = 0.5 ] && [ ! -e "$GO" ]; do sleep 0.05; done; echo "loss: $(cat value.txt)"';

it('another process shows the running trial, as text and as lines of JSON, and ends cleanly', async () => {
  const repo = makeProject({
    sandbox: 'off',
    agent: stepsAgent([{ ...set(0.5), title: 'half \u001b[31m of it' }]),
    workspace: { env: ['GO'] },
    trainer: { use: 'command', with: { run: ['sh', '-c', waits] }, timeout: '5m' },
    metrics: { loss: { use: 'regex', with: { pattern: '^loss: (.+)$', curve: CURVE } } },
  });
  const going = startCli(['run', '--name', 'night'], { cwd: repo.dir, env: { GO: join(repo.dir, 'go') } });
  await expect
    .poll(async () =>
      (await eventsOf(repo.dir)).some(({ type, ...event }) => type === 'curve-points' && 'experiment' in event && event.experiment === 1),
    )
    .toBe(true);
  const text = startCli(['status', '--follow'], { cwd: repo.dir });
  const json = startCli(['status', '--follow', '--json'], { cwd: repo.dir });
  const printed = { text: '', json: '' };
  text.child.stdout?.on('data', (chunk: Buffer) => (printed.text += String(chunk)));
  json.child.stdout?.on('data', (chunk: Buffer) => (printed.json += String(chunk)));
  await expect.poll(() => printed.json).toContain('"curve-points"');
  writeFileSync(join(repo.dir, 'go'), '');
  expect((await going.ended).code).toBe(0);
  await expect.poll(() => printed.text).toContain('(NOTHING_LEFT)');
  await expect.poll(() => printed.json).toContain('"run-ended"');
  text.child.kill('SIGINT');
  json.child.kill('SIGINT');
  expect([(await text.ended).code, (await json.ended).code]).toEqual([0, 0]);
  const lines = printed.text
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(9));
  expect(lines).toEqual([
    expect.stringMatching(/^night starts: loss, 0 experiments so far/),
    expect.stringMatching(/^#0 keep 1 baseline \[/),
    '#1 steps: half  [31m of it',
    expect.stringMatching(/^#1 keep 0.5 \(-0.5\) half/),
    '#2 steps: no more steps',
    expect.stringMatching(/^stopped: .*\(NOTHING_LEFT\)$/),
  ]);
  const events = await eventsOf(repo.dir);
  expect(
    printed.json
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent),
  ).toEqual(events);
});

it('every event has a line or changes the live one, safe for a terminal', () => {
  const view = new FollowView();
  const lines = makeEvents().flatMap((event) => view.see(event) ?? []);
  expect(lines).toMatchInlineSnapshot(`
    [
      "night starts: loss, 1 experiments so far (pid 1)",
      "#1 search: LR up",
      "#1 keep 1 LR up [3.0s]",
      "audit of #1 against #0: a gain",
      "approve #1 by Ada",
      "paused by Ada",
      "goes on, by Ada",
      "warning: something may be wrong",
      "(3 events are not kept)",
      "stopped: the experiments are used (BUDGET_EXPERIMENTS)",
    ]
  `);
  expect(followLine('a\u001b[2Jb\nc', new Date(0).toISOString())).not.toMatch(/\p{Cc}/u);
});

it('the live line says what is done in each slot', () => {
  const view = new FollowView();
  for (const event of makeEvents().slice(0, 9)) view.see(event);
  expect(view.live(5000)).toBe('#1 proposing 5.0s');
  const at = new Date(0).toISOString();
  const stage = { type: 'stage-changed', seq: 1, at, experiment: 1, stage: 'train', subject: 'change' } as const;
  view.see({ ...stage, slot: 'cuda:0' });
  view.see({ ...stage, slot: 'cuda:1', experiment: 2, subject: 'control' });
  view.see({
    type: 'trial-started',
    seq: 2,
    at,
    experiment: 2,
    slot: 'cuda:1',
    index: 0,
    subject: 'control',
    seed: 1,
    commit: '',
    timeoutSeconds: 300,
  });
  expect(view.live(5000)).toBe('#1 training on cuda:0 5.0s · #2 training (control) on cuda:1 5.0s of at most 5m 00s');
});

it.skipIf(process.platform !== 'linux' || spawnSync('script', ['--version']).status !== 0)(
  'at a terminal it begins with where the run stands',
  async () => {
    const { dir } = makeProject({ agent: stepsAgent([set(0.5)]) });
    await run(dir);
    const command = [process.execPath, CLI, 'status', '--follow'].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: dir, stdio: ['pipe', 'pipe', 'ignore'] });
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => (shown += String(chunk)));
    // Why the run ended is in both: in where it stands, and in the events after that.
    await expect.poll(() => shown).toContain('night starts');
    child.kill();
    for (const part of ['loss looks 50', 'incumbent ', 'to decide']) expect(shown).toContain(part);
    expect(shown.indexOf('incumbent ')).toBeLessThan(shown.indexOf('night starts'));
  },
);
