import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { experimentsOf, makeProject, stepsAgent, set, trainerFile, verdicts } from '../helpers/project.ts';
import { leftovers } from '../helpers/processes.ts';
import { startCli } from '../helpers/run-cli.ts';

// Two gigabytes go through a pipe, however busy the machine is.
vi.setConfig({ testTimeout: 900_000 });

const LIMIT_MB = 200;

it('a trainer that prints a gigabyte costs neither memory nor disk', async () => {
  const repo = makeProject({
    agent: stepsAgent([set(0.7)]),
    trainer: { use: 'command', with: { run: [process.execPath, trainerFile('flood.mjs')] }, timeout: '10m' },
  });
  const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
  let isOver = false;
  const ended = cli.ended.finally(() => (isOver = true));
  let peak = 0;
  while (!isOver) {
    peak = Math.max(peak, highWater(cli.pid));
    await sleep(25);
  }
  expect(await ended).toMatchObject({ code: 0 });
  const experiments = await experimentsOf(repo.dir);
  expect(verdicts(experiments)).toEqual(['#0 keep BASELINE', '#1 discard NOT_BETTER']);
  expect(experiments[0]?.score?.value).toBe(0.5);
  const log = readFileSync(`${repo.dir}/.autoresearch/night/trial-default.log`);
  expect(log.length).toBeLessThan(8.1 * 2 ** 20);
  expect(log.toString('latin1')).toMatch(/\n\[\d+ bytes left out\]\n/);
  expect(peak).toBeGreaterThan(20);
  expect(peak).toBeLessThan(LIMIT_MB);
  if (process.env['SHOW_FIGURES']) console.log(`peak ${Math.round(peak)} MB`);
  expect(await leftovers(repo.dir)).toEqual([]);
});

function highWater(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
