import type { Service } from './service.ts';

/** Contents of blobs by their ids, from a process of `cat-file --batch`; null for one that is not there. */
export async function readBlobs(batch: Service, ids: readonly string[]): Promise<(Buffer | null)[]> {
  return Promise.all(ids.map(async (id) => contentOf(await batch.ask(`${id}\n`, lengthOf))));
}

function lengthOf(out: Buffer): number {
  const end = out.indexOf(10);
  if (end < 0) return -1;
  const size = sizeIn(out.toString('latin1', 0, end));
  const length = size === null ? end + 1 : end + size + 2;
  return out.length < length ? -1 : length;
}

function contentOf(answer: Buffer): Buffer | null {
  const end = answer.indexOf(10);
  return sizeIn(answer.toString('latin1', 0, end)) === null ? null : answer.subarray(end + 1, -1);
}

/** The size in `ID blob SIZE`. */
function sizeIn(header: string): number | null {
  const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1];
  return size === undefined ? null : Number(size);
}
