/** `autoresearch ui` as a process of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { startCli, type RunningCli } from '../helpers/run-cli.ts';

export interface UiProcess {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export async function startUi(cwd: string, ...args: string[]): Promise<UiProcess> {
  const cli = startCli(['ui', ...args], { cwd });
  let stdout = '';
  cli.child.stdout?.on('data', (chunk: Buffer) => (stdout += String(chunk)));
  const stop = async (): Promise<void> => {
    cli.child.kill('SIGTERM');
    await cli.ended;
  };
  onTestFinished(stop);
  for (let url = ''; ; url = /http:\/\/\S+/.exec(stdout)?.[0] ?? '') {
    if (url !== '') return { url, port: Number(new URL(url).port), stop };
    if (cli.child.exitCode !== null) throw new Error(`ui ended: ${cli.stderr()}`);
    await sleep(20);
  }
}

/** A run that goes on until the test is over. */
export function startRun(cwd: string, ...args: string[]): RunningCli {
  const cli = startCli(['run', '--name', 'night', ...args], { cwd });
  onTestFinished(async () => {
    cli.child.kill('SIGINT');
    await cli.ended;
  });
  return cli;
}

/** Waits for something, without saying how long it takes. */
export async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    await sleep(50);
  }
}
