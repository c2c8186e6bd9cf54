/** A longer failure of the network, on a Ray that does not give its machines up meanwhile. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { NO_NAMESPACE } from '../helpers/network-namespace.ts';
import { until } from '../helpers/processes.ts';
import { Cluster } from './cluster.ts';
import { trial } from './trial.ts';

const LONG = 240_000;

it.skipIf(NO_NAMESPACE !== null)('the network is down for 30 s: the job goes on, and is not run twice', async () => {
  const ray = await Cluster.start({ isPatient: true });
  onTestFinished(() => ray.stop());
  const mark = join(ray.dir, 'mark');
  writeFileSync(`${mark}-hang`, '');
  const script = `echo x >> ${mark}; while [ -e ${mark}-hang ]; do sleep 0.5; done; echo measured\n`;
  const options = { sandbox: 'off', retries: 1, leaseSeconds: 120 };
  const running = trial(ray, script, { options, request: { timeoutMs: LONG } });
  await until('the trial', () => existsSync(mark), LONG);
  ray.setNetwork('down');
  await sleep(30_000);
  ray.setNetwork('up');
  rmSync(`${mark}-hang`);
  const { outcome, log } = await running;
  expect(outcome).toMatchObject({ exit: 'completed' });
  expect(outcome.lost).toBeUndefined();
  expect(log).toContain('measured');
  expect(readFileSync(mark, 'utf8')).toBe('x\n');
});
