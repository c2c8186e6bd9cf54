import { StringDecoder } from 'node:string_decoder';
import { Delivered } from './delivered.ts';
import { findTokens, isFields, type Found } from './tokens.ts';

/** An answer longer than this is passed on whole, but what lies beyond is not looked into. */
const MAX_JSON = 32 * 1024 * 1024;

/** What was read of one answer. */
export interface Read {
  readonly found: Found;
  /** Tokens of the answer that came, estimated. */
  readonly delivered: number;
  /** The error a stream ended with, though its status was good; else the body's. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Reads an answer along, in chunks of any size, cut anywhere. */
export interface AnswerReader {
  write(chunk: Uint8Array): void;
  end(): Read;
}

export function readAnswer(contentType: string): AnswerReader {
  return /^text\/event-stream\b/i.test(contentType.trim()) ? readStream() : readJson();
}

function readJson(): AnswerReader {
  const decoder = new StringDecoder('utf8');
  let text = '';
  return {
    write(chunk) {
      if (text.length < MAX_JSON) text += decoder.write(chunk);
    },
    end() {
      const value = parse(text);
      const error = errorIn(Array.isArray(value) ? value.at(-1) : value);
      const plain = text.trim().slice(0, 500);
      const said = new Delivered();
      said.add(value);
      return {
        found: findTokens(value),
        delivered: said.tokens(),
        error: error ?? (value === undefined && plain !== '' ? { code: '', message: plain } : null),
      };
    },
  };
}

function readStream(): AnswerReader {
  const decoder = new StringDecoder('utf8');
  const said = new Delivered();
  let found: Found = { figures: {} };
  let error: Read['error'] = null;
  let rest = '';
  let data = '';
  const takeLine = (line: string) => {
    if (line.startsWith('data:')) data += (data === '' ? '' : '\n') + line.slice(5).trimStart();
    if (line !== '' || data === '') return;
    const value = parse(data);
    data = '';
    found = findTokens(value, found);
    said.add(value);
    error = errorIn(value) ?? error;
  };
  return {
    write(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) takeLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    },
    end() {
      for (const line of [rest, '']) takeLine(line.trimEnd());
      return { found, delivered: said.tokens(), error };
    },
  };
}

/** The error of a body or an event, in any of the families' forms. */
function errorIn(value: unknown): Read['error'] {
  if (!isFields(value)) return null;
  const error = value['error'] ?? (isFields(value['response']) ? value['response']['error'] : undefined);
  if (typeof error === 'string') return { code: '', message: error };
  if (!isFields(error)) return value['type'] === 'error' ? wordsOf(value) : null;
  return wordsOf(error);
}

function wordsOf({ code, type, status, message }: { readonly [key: string]: unknown }): Read['error'] {
  const word = [code, status, type].find((one) => typeof one === 'string' && one !== '');
  return { code: typeof word === 'string' ? word : '', message: typeof message === 'string' ? message.slice(0, 2000) : '' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
