import type { Service } from './service.ts';

/** Contents of blobs by their ids, from a process of `cat-file --batch`; null for one that is not there. */
export async function readBlobs(batch: Service, ids: readonly string[]): Promise<(Buffer | null)[]> {
  return Promise.all(ids.map((id) => readObject(batch, id, 'blob')));
}

/** The content of what `name` names; null where that is not there, or of another type. */
export async function readObject(batch: Service, name: string, type: 'blob' | 'tree'): Promise<Buffer | null> {
  const answer = await batch.ask(`${name}\n`, lengthOf);
  const end = answer.indexOf(10);
  return headerOf(answer, end)?.type === type ? answer.subarray(end + 1, -1) : null;
}

function lengthOf(out: Buffer): number {
  const end = out.indexOf(10);
  if (end < 0) return -1;
  const header = headerOf(out, end);
  const length = header === null ? end + 1 : end + header.size + 2;
  return out.length < length ? -1 : length;
}

/** What `ID TYPE SIZE` says. */
function headerOf(out: Buffer, end: number): { readonly type: string; readonly size: number } | null {
  const [, type = '', size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(out.toString('latin1', 0, end)) ?? [];
  return size === undefined ? null : { type, size: Number(size) };
}
