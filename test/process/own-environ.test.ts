import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MODULE = join(import.meta.dirname, '../../src/process/own-environ.ts');

const SCRIPT = `
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
const { hideFromProc } = await import(process.argv[1]);
const isHidden = hideFromProc((name) => name.endsWith('_KEY'));
const seen = readFileSync('/proc/' + process.pid + '/environ', 'utf8');
const inherited = execFileSync('sh', ['-c', 'echo "$A_KEY|$LONG_KEY|$OTHER"'], { encoding: 'utf8' });
console.log(JSON.stringify({ isHidden, seen, own: [process.env.A_KEY, process.env.LONG_KEY, process.env.OTHER], inherited }));
`;

it.skipIf(process.platform !== 'linux')('what /proc shows of this process has no keys, which it and its children still have', () => {
  const env = { PATH: process.env['PATH'] ?? '', A_KEY: 'öffne dich=1', LONG_KEY: 'k'.repeat(5000), OTHER: 'shown', EMPTY_KEY: '' };
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT, MODULE], { env, encoding: 'utf8' });
  const { isHidden, seen, own, inherited } = JSON.parse(out) as { isHidden: boolean; seen: string; own: string[]; inherited: string };
  expect(isHidden).toBe(true);
  expect(seen).toContain('OTHER=shown');
  expect(seen).not.toContain('ffne');
  expect(seen).not.toContain('kkk');
  expect(own).toEqual([env.A_KEY, env.LONG_KEY, env.OTHER]);
  expect(inherited).toBe(`${own.join('|')}\n`);
});
