import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPath, fromPointer, parsePath } from '../../src/config/path.ts';

const step = fc.oneof(fc.string(), fc.nat(50), fc.constantFrom('gates', 'with', 'val_bpb', 'min-delta', 'a.b', '0', '__proto__', 'ü'));

test('what is written is read back as the same path', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(step, { maxLength: 6 }), (first, rest) => {
      const path = [first, ...rest];
      expect(parsePath(formatPath(path))).toEqual(path);
    }),
  );
});

test('reads and writes paths as people do', () => {
  expect(formatPath(['gates', 0, 'with', 'minDelta'])).toBe('gates[0].with.minDelta');
  expect(formatPath(['metrics', 'a b', 'use'])).toBe('metrics["a b"].use');
  expect(parsePath('gates.0.use')).toEqual(['gates', 0, 'use']);
});

test.each(['', '.a', 'a..b', 'a.', '[0', 'a[b]', 'a["b]', 'a b', '0.a', 'a[-1]'])('refuses %j', (text) => {
  expect(parsePath(text)).toBeNull();
});

test('any text is read or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const path = parsePath(text);
      if (path !== null) expect(parsePath(formatPath(path))).toEqual(path);
    }),
  );
});

test('reads JSON pointers', () => {
  expect(fromPointer('')).toEqual([]);
  expect(fromPointer('/metrics/a~1b~0c/0')).toEqual(['metrics', 'a/b~c', '0']);
});
