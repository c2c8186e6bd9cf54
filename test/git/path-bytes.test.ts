import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileAt, pathBytes, readPath } from '../../src/git/path-bytes.ts';

it('any bytes become a text that stands for exactly them', () => {
  const tricky = fc.array(fc.constantFrom(0x5c, 0x78, 0x65, 0x39, 0xe9, 0xc3, 0xa9, 0x2f, 0xff), { maxLength: 12 });
  fc.assert(
    fc.property(fc.oneof(tricky, fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 20 })), (numbers) => {
      const bytes = Buffer.from(numbers);
      expect(pathBytes(readPath(bytes.toString('latin1')))).toEqual(bytes);
    }),
  );
});

it('usual names are what they are, and others can be read', () => {
  const read = (text: string, encoding: BufferEncoding = 'utf8') => readPath(Buffer.from(text, encoding).toString('latin1'));
  expect(['lib/café 😀.txt', 'a\\b', '\\n'].map((name) => read(name))).toEqual(['lib/café 😀.txt', 'a\\b', '\\n']);
  expect(read('lib/caf\xe9.txt', 'latin1')).toBe('lib/caf\\xe9.txt');
  expect(read('caf\\xe9.txt')).toBe('caf\\\\xe9.txt');
  expect(fileAt('/top', 'a.txt')).toBe('/top/a.txt');
  expect(fileAt('/top', 'caf\\xe9.txt')).toEqual(Buffer.from('/top/caf\xe9.txt', 'latin1'));
});
