import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from './helpers/processes.ts';

const SIGNALS = pathToFileURL(join(import.meta.dirname, '../src/signals.ts')).href;
const LOG = pathToFileURL(join(import.meta.dirname, '../src/log.ts')).href;

async function catching(comes: string) {
  const script = `
    const { catchSignals, KEPT } = await import('${SIGNALS}');
    const { createLog } = await import('${LOG}');
    catchSignals(createLog({ debug: false }), ${comes});
    process.on('SIGHUP', () => console.log('heard'));
    setInterval(() => {}, 1000);
    console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', text: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (said.text += String(chunk)));
  await until('the program', () => said.out !== '');
  return { child, said };
}

it.each([
  [
    'KEPT',
    '\nSIGINT: stopping; the experiment in flight is kept for resume (once more: at once)\n',
    '; autoresearch resume goes on, and clears up first',
  ],
  [`'nothing was written'`, '\nSIGINT: stopping; nothing was written (once more: at once)\n', ''],
  ['undefined', '\nSIGINT: stopping (once more: at once)\n', ''],
])('the first signal stops a command and the second one ends it, in words that are true of it: %s', async (comes, first, second) => {
  const { child, said } = await catching(comes);
  child.kill('SIGINT');
  await until('the first words', () => said.text.length >= first.length);
  expect(said.text).toBe(first);
  child.kill('SIGINT');
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect([code, signal, said.text.slice(first.length)]).toEqual([null, 'SIGINT', `SIGINT again: ended at once${second}\n`]);
});

it('a terminal that is closed may say so twice, by the system and by its shell', async () => {
  const { child, said } = await catching('KEPT');
  for (const times of [1, 2]) {
    child.kill('SIGHUP');
    await until('the signal', () => said.out.split('heard').length === times + 1);
  }
  child.kill('SIGINT');
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect([code, signal]).toEqual([null, 'SIGINT']);
  expect(said.text).toMatch(/^\nSIGHUP: stopping; [^\n]*\nSIGINT again: [^\n]*\n$/);
});
