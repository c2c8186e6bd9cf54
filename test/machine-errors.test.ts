import { constants } from 'node:os';
import { expect, it } from 'vitest';
import { errorOfGit, errorOfMachine } from '../src/machine-errors.ts';

const failed = (code: string, errno: number) => Object.assign(new Error('it failed'), { code, errno, syscall: 'write' });

it.each([
  ['by its name', failed('ENOSPC', -constants.errno.ENOSPC), 'DISK_FULL'],
  ['by its number, where Node has no name for it', failed('UNKNOWN', -constants.errno.EDQUOT), 'DISK_FULL'],
  ['by its number, where Node gives it without a name and sign', failed('', constants.errno.EIO), 'DISK_FAILING'],
])('a failed call is known %s', (_how, error, code) => {
  expect(errorOfMachine(error)?.code).toBe(code);
});

it.each([failed('ENOENT', -constants.errno.ENOENT), failed('UNKNOWN', -9999), new Error('No space left on device')])(
  'anything else is not (%s)',
  (error) => expect(errorOfMachine(error)).toBeNull(),
);

it("a full disk is known in git's own words", () => {
  const said = "fatal: sha1 file '/p/.git/index.lock' write error. Out of diskspace";
  expect(errorOfGit('git diff', '/p', said)?.code).toBe('DISK_FULL');
});
