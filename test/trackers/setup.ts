import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CACHE, COLLECTOR, COLLECTOR_SOURCE, PACKAGES, PYTHON, READY, VENV } from './installed.ts';

const run = promisify(execFile);
const OPTIONS = { timeout: 900_000, maxBuffer: 1 << 26 };

/** Installs the services once into the checkout's cache. */
export async function setup(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  if (!existsSync(READY)) await installPackages();
  if (!existsSync(COLLECTOR)) await buildCollector();
}

async function installPackages(): Promise<void> {
  await rm(VENV, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', VENV], OPTIONS);
    await run(PYTHON, ['-m', 'pip', 'install', '-q', ...PACKAGES], OPTIONS);
  } catch (error) {
    throw new Error(`the tests of trackers need python3 with venv, and ${PACKAGES.join(', ')} from PyPI`, { cause: error });
  }
  await writeFile(READY, '');
}

/** No registry has it as a program, so it is built from its Go modules. */
async function buildCollector(): Promise<void> {
  const part = `${COLLECTOR}.${process.pid}`;
  try {
    await run('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', part, '.'], { ...OPTIONS, cwd: COLLECTOR_SOURCE });
  } catch (error) {
    throw new Error('the tests of trackers need go 1.21 or newer, to build an OpenTelemetry collector', { cause: error });
  }
  await rename(part, COLLECTOR);
}
