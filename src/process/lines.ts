import { StringDecoder } from 'node:string_decoder';

const MAX_LINE = 4096;

/** Cuts a byte stream into lines; a line without an end is handed on in pieces of 4 KiB. */
export function splitLines(onLine: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const parts = (rest + decoder.write(chunk)).split(/\r?\n|\r/);
    rest = parts.pop() ?? '';
    for (const line of parts) onLine(line.slice(0, MAX_LINE));
    if (rest.length > MAX_LINE) rest = rest.slice(-MAX_LINE);
  };
}
