import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactStream } from '../src/process/redact-stream.ts';
import { createRedact, redactAll } from '../src/redact.ts';

const env = {
  MODEL_API_KEY: 'hush-hush.1+2',
  DB_PASSWORD: 'geheim-ß-wort',
  SHORT_TOKEN: '1234',
  MONKEY: 'not-a-key-at-all',
  PAIR_KEY: 'first-line\n  second-line',
};
const redact = createRedact(env);

describe('what is taken out of a text', () => {
  it.each([
    ['the value of a variable that is named like a key', 'a hush-hush.1+2 b', 'a [secret] b'],
    ['each line of one of several lines', 'first-line\nsecond-line', '[secret]\n[secret]'],
    ['a key of OpenAI', `key sk-proj-${'a1B2'.repeat(8)}.`, 'key [secret].'],
    ['a key of GitHub', `ghp_${'a'.repeat(36)}`, '[secret]'],
    ['a key of Google', `x=AIza${'b'.repeat(35)}`, 'x=[secret]'],
    ['a key of AWS', '"AKIAIOSFODNN7EXAMPLE"', '"[secret]"'],
  ])('is %s', (_name, text, clean) => expect(redact(text)).toBe(clean));

  it.each(['hush-hush.112', '1234', 'not-a-key-at-all', 'risk-aaaaaaaaaaaaaaaaaaaaaaaaaa', 'sk-short', 'val_bpb: 0.97'])(
    'is not %s',
    (text) => {
      expect(redact(text)).toBe(text);
    },
  );

  const { MODEL_API_KEY: key } = env;
  const bytes = Buffer.from(key);
  it.each([
    ['base64', bytes.toString('base64')],
    ['base64 of a longer text', Buffer.from(`key=${key}&more`).toString('base64')],
    ['base64 of another longer text', Buffer.from(`a ${key} b`).toString('base64url')],
    ['hex', Buffer.from(`x${key}y`).toString('hex')],
    ['hex in capitals', bytes.toString('hex').toUpperCase()],
    ['backwards', Array.from(key).toReversed().join('')],
    ['in a URL', encodeURIComponent(key)],
    ['with every byte escaped', [...bytes].map((byte) => `%${byte.toString(16)}`).join('')],
    ['a letter a line', Array.from(key).join('\n')],
    ['broken over lines and indented', `${key.slice(0, 5)}\r\n    ${key.slice(5)}`],
    ['base64 broken over lines', Buffer.from(`a long text around it: ${key}, and more`).toString('base64').replaceAll(/.{10}/g, '$&\n')],
  ])('is a key written in another form: %s', (_name, text) => {
    const after = ' after'.repeat(100);
    const clean = redact(`before ${text}${after}`);
    expect(clean.match(/\[secret\]/g)).toHaveLength(1);
    const seen: Buffer[] = [];
    const stream = redactStream(redact, (chunk) => seen.push(chunk));
    for (const char of `before ${text}${after}`) stream.write(Buffer.from(char));
    stream.end();
    expect(Buffer.concat(seen).toString()).toBe(clean);
  });

  it('is found anywhere in a record', () => {
    expect(redactAll({ a: ['x hush-hush.1+2', 1, null], b: { c: true } }, redact)).toEqual({ a: ['x [secret]', 1, null], b: { c: true } });
  });
});

it('output without keys stays as it is, and no key is missed, however the bytes are cut', () => {
  const word = fc.oneof(fc.constantFrom('hush-hush.1+2', 'geheim-ß-wort', 'loss:', '0.97', 'ß', '日本'), fc.string({ maxLength: 6 }));
  fc.assert(
    fc.property(fc.array(word), fc.array(fc.nat(30)), (words, cuts) => {
      const text = words.join(' ');
      const bytes = Buffer.from(text);
      const seen: Buffer[] = [];
      const stream = redactStream(redact, (chunk) => seen.push(chunk));
      let at = 0;
      for (const cut of cuts) stream.write(bytes.subarray(at, (at += cut)));
      stream.write(bytes.subarray(at));
      stream.end();
      expect(Buffer.concat(seen).toString()).toBe(text.replaceAll(/hush-hush\.1\+2|geheim-ß-wort/g, '[secret]'));
    }),
  );
});
