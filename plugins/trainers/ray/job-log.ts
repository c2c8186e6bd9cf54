import type { RemoteEnd, RemoteFile } from '../../../src/plugin.ts';

/** A job's log so far, as templates/remote/ray-job.py writes it: one record a line. */
export interface JobLog {
  /** What the program printed. */
  readonly output: Buffer;
  readonly files: readonly RemoteFile[];
  /** Null while it runs, and where the end of its log is missing. */
  readonly end: (RemoteEnd & { readonly key: string }) | null;
  /** Why it could not be run, or what may be wrong. */
  readonly lost: string | null;
  readonly note: string | null;
}

/** Lines of Ray's own have no mark and are left out, as is a last line without its end. */
export function readJobLog(text: string): JobLog {
  const output: string[] = [];
  const files: { head: Head; pieces: string[] }[] = [];
  let end: JobLog['end'] = null;
  let lost: string | null = null;
  let note: string | null = null;
  for (const line of text.split('\n').slice(0, -1)) {
    const ending = ENDINGS[line.slice(0, 2)];
    if (ending !== undefined) output.push(line.slice(2), ending);
    const [, kind = '', value = ''] = /^= (\w+) (.*)$/.exec(line) ?? [];
    if (kind === 'file') files.push({ head: parse<Head>(value), pieces: [] });
    else if (kind === 'data') files.at(-1)?.pieces.push(value);
    else if (kind === 'lost') lost = textOf(value);
    else if (kind === 'note') note = textOf(value);
    else if (kind === 'end') end = endOf(parse<Record<string, string>>(value));
  }
  return { output: Buffer.from(output.join('')), files: files.map(fileOf), end, lost, note };
}

const ENDINGS: Readonly<Record<string, string>> = { '| ': '\n', '~ ': '\r', '+ ': '' };
const WHY = ['timeout', 'cancelled', 'lease', 'setup', 'sandbox', 'results', 'disk'] as const;

interface Head {
  readonly blob: string;
  readonly size: number;
  readonly path: string;
}

function fileOf({ head: { blob, size, path }, pieces }: { head: Head; pieces: readonly string[] }): RemoteFile {
  return { path: String(path), size: Number(size), blob: String(blob), read: async () => Buffer.concat(pieces.map(fromBase64)) };
}

const fromBase64 = (text: string) => Buffer.from(text, 'base64');

function endOf(fields: Readonly<Record<string, string>>): JobLog['end'] {
  const { code = '', why = '', seconds = '0', layer = '', tree = '', hardware = '', key = '' } = fields;
  return {
    exitCode: code === '' ? null : Number(code),
    why: WHY.find((each) => each === why) ?? null,
    seconds: Number(seconds),
    layer,
    tree,
    hardware,
    key,
  };
}

const textOf = (value: string) => {
  const text = parse<unknown>(value);
  return typeof text === 'string' ? text : value;
};

/** Without any fields where the line was cut or somebody else wrote it. */
function parse<T>(text: string): T {
  try {
    return (JSON.parse(text) ?? {}) as T;
  } catch {
    return {} as T;
  }
}
