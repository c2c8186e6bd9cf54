import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../src/meter/read-answer.ts';
import { tokensOf } from '../../src/meter/tokens.ts';
import { anthropic } from '../helpers/stub-models/anthropic.ts';
import { chat } from '../helpers/stub-models/chat.ts';
import { gemini } from '../helpers/stub-models/gemini.ts';
import { responses } from '../helpers/stub-models/responses.ts';
import type { Reply } from '../helpers/stub-models/types.ts';

const DIALECTS = { anthropic, responses, chat, gemini };
const names = Object.keys(DIALECTS) as Array<keyof typeof DIALECTS>;

const replies: fc.Arbitrary<Reply> = fc.record({
  model: fc.constantFrom('m-1', 'modèle-2'),
  text: fc.string({ unit: 'grapheme' }),
  usage: fc
    .record({ inputTokens: fc.nat(1e6), share: fc.nat(100), outputTokens: fc.integer({ min: 1, max: 1e5 }) })
    .map(({ inputTokens, share, outputTokens }) => ({ inputTokens, cachedTokens: Math.floor((inputTokens * share) / 100), outputTokens })),
});

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [...new Set(at.map((one) => one % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index]));
};

const read = (contentType: string, bytes: Buffer, at: readonly number[]) => {
  const reader = readAnswer(contentType);
  for (const chunk of cut(bytes, at)) reader.write(chunk);
  const { found, error } = reader.end();
  return { model: found.model, tokens: tokensOf(found), error };
};

const wire = (events: ReturnType<typeof anthropic.events>, newline: string) =>
  Buffer.from(
    events
      .map(({ event, data }) => {
        const json = typeof data === 'string' ? data : JSON.stringify(data);
        return `${event === undefined ? '' : `event: ${event}${newline}`}: a comment${newline}data: ${json}${newline}${newline}`;
      })
      .join(''),
  );

describe.each(names)('the figures of %s', (name) => {
  const expected = ({ model, usage }: Reply) => ({
    model,
    tokens: { input: usage.inputTokens, cached: usage.cachedTokens, cacheWrite: 0, output: usage.outputTokens },
    error: null,
  });

  it('are the same wherever a stream is cut into chunks', () => {
    fc.assert(
      fc.property(replies, fc.array(fc.nat()), fc.constantFrom('\n', '\r\n'), (reply, at, newline) => {
        expect(read('text/event-stream; charset=utf-8', wire(DIALECTS[name].events(reply), newline), at)).toEqual(expected(reply));
      }),
    );
  });

  it('are the same wherever a body is cut into chunks', () => {
    fc.assert(
      fc.property(replies, fc.array(fc.nat()), (reply, at) => {
        expect(read('application/json', Buffer.from(JSON.stringify(DIALECTS[name].json(reply))), at)).toEqual(expected(reply));
      }),
    );
  });

  it('do not throw on whatever else comes', () => {
    fc.assert(
      fc.property(fc.constantFrom('text/event-stream', 'application/json', ''), fc.uint8Array(), fc.json(), (type, bytes, json) => {
        for (const body of [Buffer.from(bytes), Buffer.from(json), Buffer.from(`data: ${json}\n\n`)]) read(type, body, []);
      }),
    );
  });
});

describe('particular answers', () => {
  const figures = (usage: object) => read('application/json', Buffer.from(JSON.stringify({ model: 'm', usage })), []).tokens;

  it('count what Anthropic writes to and reads from its cache as input', () => {
    const usage = { input_tokens: 10, cache_creation_input_tokens: 20, cache_read_input_tokens: 30, output_tokens: 4 };
    expect(figures(usage)).toEqual({ input: 60, cached: 30, cacheWrite: 20, output: 4 });
  });

  it('count Gemini’s thoughts as output and an unfinished array of a stream as nothing', () => {
    const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 2, thoughtsTokenCount: 7, toolUsePromptTokenCount: 1 };
    const body = JSON.stringify([{ usageMetadata: { promptTokenCount: 5 } }, { usageMetadata, modelVersion: 'g' }]);
    expect(read('application/json', Buffer.from(body), [])).toMatchObject({ model: 'g', tokens: { input: 6, output: 9 } });
    expect(read('application/json', Buffer.from(body.slice(0, -1)), []).tokens).toBeNull();
  });

  it('take the last of running totals', () => {
    const events = [1, 2, 3].map((output_tokens) => `data: {"usage":{"output_tokens":${output_tokens}}}\n\n`).join('');
    expect(read('text/event-stream', Buffer.from(events), []).tokens?.output).toBe(3);
  });

  it.each([
    ['{"type":"error","error":{"type":"overloaded_error","message":"later"}}', 'overloaded_error'],
    ['{"type":"response.failed","response":{"error":{"code":"context_length_exceeded","message":"later"}}}', 'context_length_exceeded'],
    ['{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"later"}}', 'RESOURCE_EXHAUSTED'],
    ['{"type":"error","code":"rate_limit_exceeded","message":"later"}', 'rate_limit_exceeded'],
    ['{"error":"later"}', ''],
  ])('have the error %s', (json, code) => {
    const expected = { code, message: 'later' };
    expect(read('text/event-stream', Buffer.from(`data: ${json}\n\n`), []).error).toEqual(expected);
    expect(read('application/json', Buffer.from(json), []).error).toEqual(expected);
  });
});
