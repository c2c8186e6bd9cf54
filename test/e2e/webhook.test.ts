import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Receiver } from '../helpers/receiver.ts';
import { makeProject, set, stepsAgent } from '../helpers/project.ts';
import { runCli, startCli } from '../helpers/run-cli.ts';

const EXPERIMENTS = 12;
/** From the fifth experiment on, a trial waits for the file `go`. */
const LATER_WAIT =
  '[ "$AUTORESEARCH_EXPERIMENT" -lt 5 ] || until [ -e "$PWD"/../../../../go ]; do sleep 0.05; done; echo "loss: $(cat value.txt)"';
const receiver = new Receiver();
afterEach(() => receiver.close());

it('every experiment arrives once, though the receiver goes away and the run is killed', async () => {
  await receiver.open();
  const steps = Array.from({ length: EXPERIMENTS }, (_, n) => set(100 - n));
  const { dir } = makeProject({
    agent: stepsAgent(steps, { first: 0 }),
    trainer: { use: 'command', with: { run: ['sh', '-c', LATER_WAIT] }, timeout: '5m' },
    reporters: [{ use: 'webhook', with: { on: ['keep', 'discard', 'crash'] } }],
    budget: { experiments: EXPERIMENTS - 1 },
  });
  const env = { AUTORESEARCH_WEBHOOK: receiver.url };
  const first = startCli(['run', '--name', 'night'], { cwd: dir, env });
  await until(() => receiver.received.length >= 3);
  await receiver.close();
  writeFileSync(join(dir, 'go'), '');
  await until(() => first.stderr().includes('is kept, and sent again'));
  first.child.kill('SIGKILL');
  await first.ended;
  await receiver.open();
  const second = await runCli(['resume', 'night'], { cwd: dir, env });
  expect(second.code, second.stderr).toBe(0);
  const log = JSON.parse((await runCli(['log', 'night', '--json'], { cwd: dir })).stdout) as { id: number }[];
  expect(log).toHaveLength(EXPERIMENTS);
  expect([...new Set(receiver.keys)].toSorted()).toEqual(log.map(({ id }) => `night/${id}`).toSorted());
  // A kill between a post and the note of it repeats that one, under the same key.
  expect(receiver.keys.length).toBeLessThanOrEqual(EXPERIMENTS + 1);
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
