import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { exec } from '../process/exec.ts';

/** The processes that have `mark` in their environment or run in `folder`, after a moment in which killed ones may go. */
export async function findSurvivingProcesses(mark: string, folder: string, graceMs = 3000): Promise<readonly number[]> {
  const end = performance.now() + graceMs;
  for (;;) {
    const found = process.platform === 'linux' ? await findInProc(mark, folder) : await findWithPs(mark);
    if (found.length === 0 || performance.now() > end) return found;
    await sleep(50);
  }
}

async function findInProc(mark: string, folder: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    // A process may end, or belong to somebody else, between the two looks.
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => '');
    if (environment.includes(mark) || cwd.startsWith(folder)) found.push(pid);
  }
  return found;
}

async function findWithPs(mark: string): Promise<readonly number[]> {
  const found: number[] = [];
  await exec(['ps', 'axeww', '-o', 'pid=,command='], {
    onLine: (line) => {
      if (line.includes(mark)) found.push(Number.parseInt(line, 10));
    },
  });
  return found.filter((pid) => pid !== process.pid);
}
