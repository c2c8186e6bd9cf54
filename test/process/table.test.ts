import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { listProcesses, treeBelow, treeOf } from '../../src/process/table.ts';

const tellsChildren = existsSync(`/proc/${process.pid}/task/${process.pid}/children`);

it.runIf(tellsChildren)('the processes below one are those that a look at the whole machine finds', async () => {
  const child = spawn('sh', ['-c', '(sleep 600 & sleep 600) & (sh -c "sleep 600; :") & wait'], { detached: true, stdio: 'ignore' });
  const pid = child.pid ?? 0;
  onTestFinished(() => void process.kill(-pid, 'SIGKILL'));
  const ids = (rows: readonly { pid: number }[] | null) => rows?.map((row) => row.pid).toSorted((a, b) => a - b);
  await vi.waitFor(async () => expect(treeOf(await listProcesses(), pid).length).toBeGreaterThan(4), { timeout: 30_000 });
  // Some shells start one more than others, and later.
  await vi.waitFor(async () => expect(ids(treeBelow(pid))).toEqual(ids(treeOf(await listProcesses(), pid))), { timeout: 30_000 });
});

it.runIf(tellsChildren)('nothing is below a process that is gone', async () => {
  const child = spawn('true', { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  expect(treeBelow(child.pid ?? 0)).toEqual([]);
});
