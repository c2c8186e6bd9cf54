import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from './helpers/processes.ts';

const SIGNALS = pathToFileURL(join(import.meta.dirname, '../src/signals.ts')).href;
const LOG = pathToFileURL(join(import.meta.dirname, '../src/log.ts')).href;

it.each([
  [
    'KEPT',
    '\nSIGINT: stopping; the experiment in flight is kept for resume (once more: at once)\n',
    '; autoresearch resume goes on, and clears up first',
  ],
  [`'nothing was written'`, '\nSIGINT: stopping; nothing was written (once more: at once)\n', ''],
  ['undefined', '\nSIGINT: stopping (once more: at once)\n', ''],
])('the first signal stops a command and the second one ends it, in words that are true of it: %s', async (comes, first, second) => {
  const script = `
    const { catchSignals, KEPT } = await import('${SIGNALS}');
    const { createLog } = await import('${LOG}');
    catchSignals(createLog({ debug: false }), ${comes});
    setInterval(() => {}, 1000);
    console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  await until('the first words', () => said.length >= first.length);
  expect(said).toBe(first);
  child.kill('SIGINT');
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect([code, signal, said.slice(first.length)]).toEqual([null, 'SIGINT', `SIGINT again: ended at once${second}\n`]);
});
