import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteEngine } from '../plugin.ts';
import type { DeclareAt } from './engine-place.ts';
import { expectThat } from './law.ts';

const LINES = 200;
const LONG = 600_000;
const MOST = 256 * 1024;
/** Lines that come slowly, then more than one answer may hold, then one that has no end. */
const PRINTS = `i=0; while [ $i -lt ${LINES} ]; do echo "line $i ä"; i=$((i + 1)); [ $((i % 50)) -ne 0 ] || sleep 1; done
head -c ${LONG} /dev/zero | tr '\\0' x; echo; printf last`;
const PRINTED = Buffer.from(`${Array.from({ length: LINES }, (_, i) => `line ${i} ä\n`).join('')}${'x'.repeat(LONG)}\nlast`);

const FILES: Readonly<Record<string, Buffer>> = {
  'bytes of all kinds': Buffer.from([0, 10, 13, 255, 0, 200, 10]),
  'out/text.txt': Buffer.from('one\ntwo'),
  empty: Buffer.alloc(0),
};
const WRITES = `mkdir out; printf '\\000\\n\\r\\377\\000\\310\\n' > 'bytes of all kinds'; printf 'one\\ntwo' > out/text.txt; : > empty; echo > other`;

/** What a job has printed, and the files that come back. */
export function testEngineOutput(law: DeclareAt): void {
  law('hands out what was printed once, from any byte on', 'each byte in its place, at most 256 KiB at once', async (place) => {
    const engine = await place.open();
    const handle = await place.submit(engine, await place.job(PRINTS));
    let read = Buffer.alloc(0);
    let size = 0;
    for (let isOver = false; !isOver; await sleep(100)) {
      const seen = await place.until(engine, handle, 'running', 'ended');
      isOver = seen.state === 'ended';
      expectThat(seen.logSize >= size, `logSize went from ${size} to ${seen.logSize}`);
      size = seen.logSize;
      read = Buffer.concat([read, await readOn(engine, handle, read.length, size)]);
      expectPrefix(read);
    }
    expectThat(size === PRINTED.length, `logSize: ${size} in place of ${PRINTED.length}`);
    expectThat(read.equals(PRINTED), `${read.length} bytes of ${PRINTED.length}`);
    const next = await place.open();
    const { logSize } = await place.until(next, handle, 'ended');
    expectThat(logSize === PRINTED.length, `logSize: ${logSize} for a process that begins to ask, in place of ${PRINTED.length}`);
    expectPrefix(await readOn(next, handle, 0, logSize));
    for (const offset of [0, 7, LINES * 9, PRINTED.length - 3, PRINTED.length]) {
      const piece = Buffer.from(await next.log(handle, offset));
      const matches = piece.equals(PRINTED.subarray(offset, offset + piece.length));
      expectThat(matches && (piece.length > 0 || offset === PRINTED.length), `from byte ${offset}: ${start(piece)}`);
    }
  });

  law(
    'brings back the files it was asked for, as they were',
    'path, size, the id of git and all bytes; none for a missing one',
    async (place) => {
      const engine = await place.open();
      const outputs = [...Object.keys(FILES), 'absent'];
      const handle = await place.submit(engine, await place.job(WRITES, { outputs }));
      await place.until(engine, handle, 'ended');
      for (const one of [engine, engine, await place.open()]) {
        const files = await one.results(handle);
        const paths = files.map(({ path }) => path).toSorted();
        expectThat(paths.join() === Object.keys(FILES).toSorted().join(), `the files ${JSON.stringify(paths)}`);
        for (const { path, size, blob, read } of files) {
          const expected = FILES[path] ?? Buffer.alloc(0);
          const bytes = Buffer.from(await read());
          expectThat(bytes.equals(expected), `${path} holds ${start(bytes)}`);
          expectThat(size === expected.length && blob === blobOf(expected), `${path} has size ${size} and id ${blob}`);
        }
      }
    },
  );
}

async function readOn(engine: RemoteEngine, handle: string, from: number, size: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let offset = from; offset < size;) {
    const piece = await engine.log(handle, offset);
    expectThat(piece.length <= MOST, `${piece.length} bytes at once`);
    expectThat(piece.length > 0, `nothing from byte ${offset} on, though logSize is ${size}`);
    pieces.push(piece);
    offset += piece.length;
  }
  return Buffer.concat(pieces);
}

function expectPrefix(read: Buffer): void {
  if (read.equals(PRINTED.subarray(0, read.length))) return;
  const at = read.findIndex((byte, index) => byte !== PRINTED[index]);
  expectThat(false, `from byte ${at} on: ${start(read.subarray(at))} in place of ${start(PRINTED.subarray(at))}`);
}

const start = (bytes: Buffer) => JSON.stringify(bytes.subarray(0, 40).toString());
const blobOf = (bytes: Buffer) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
