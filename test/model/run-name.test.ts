import { describe, expect, it } from 'vitest';
import { chooseRunName } from '../../src/model/run-name.ts';

describe('the name of a run', () => {
  it.each(['a', '7', 'mar5-wide', 'A.b_C-9', 'a.lock.b', 'lock', `a${'b'.repeat(63)}`])('may be %s', (name) => {
    expect(chooseRunName(name, ['other'])).toBe(name);
  });

  it.each(['', '-a', '.a', '_a', 'a b', 'a/b', 'ä', 'a\n', ' a', 'a..b', 'a.', 'a.lock', `a${'b'.repeat(64)}`])(
    'may not be %j, which git would not take or a shell could misread',
    (name) => {
      expect(() => chooseRunName(name, [])).toThrow(
        expect.objectContaining({
          code: 'USAGE',
          message: `"${name}" cannot be the name of a run`,
          hint: 'use letters, digits, ".", "_" and "-", such as mar5-wide',
        }),
      );
    },
  );

  it('may not be that of another run', () => {
    expect(() => chooseRunName('night', ['day', 'night'])).toThrow(
      expect.objectContaining({
        code: 'RUN_EXISTS',
        message: 'there is a run "night" already',
        hint: 'go on with it: autoresearch resume night; or start another: autoresearch run --name night-2',
      }),
    );
  });

  it('is the day where none is asked for, with the first free number from 2 on', () => {
    const today = new Date('2026-03-05T23:59:59Z');
    const name = (...taken: readonly string[]) => chooseRunName(undefined, taken, today);
    expect([name(), name('2026-03-05'), name('2026-03-05', '2026-03-05-2', '2026-03-05-4')]).toEqual([
      '2026-03-05',
      '2026-03-05-2',
      '2026-03-05-3',
    ]);
    expect(name('2026-03-05-2', '2026-03-05-1')).toBe('2026-03-05');
  });
});
