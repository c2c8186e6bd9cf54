import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE, READY, VENV } from './installed.ts';
import { NO_NAMESPACE } from '../helpers/network-namespace.ts';

const run = promisify(execFile);
const OPTIONS = { timeout: 900_000, maxBuffer: 1 << 26 };

/** Installs Ray once: 400 MB. */
export async function setup(): Promise<void> {
  if (NO_NAMESPACE !== null) return console.log(`the tests of Ray are left out: ${NO_NAMESPACE}`);
  if (existsSync(READY) && readFileSync(READY, 'utf8') === PACKAGE) return;
  await rm(VENV, { recursive: true, force: true });
  await mkdir(dirname(VENV), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', VENV], OPTIONS);
    await run(join(VENV, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', PACKAGE], OPTIONS);
  } catch (error) {
    throw new Error(`the tests of Ray need python3 with venv, and ${PACKAGE} from PyPI`, { cause: error });
  }
  await writeFile(READY, PACKAGE);
}
