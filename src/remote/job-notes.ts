import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RemoteEngine, RemoteNote } from '../contract/remote.ts';
import { makeFolders } from '../folders.ts';
import { namesIfThere, readTextIfThere } from '../read-if-there.ts';

const KEY = /^[a-z0-9-]{1,40}$/;

/**
 * An engine whose jobs are noted in a folder before they are submitted, and until they are gone: so that what a killed session
 * has left running can be ended.
 */
export function notedEngine(engine: RemoteEngine, dir: string, note: Omit<RemoteNote, 'key' | 'title'>): RemoteEngine {
  const keys = new Map<string, string>();
  const known = <H extends string | null>(key: string, handle: H): H => {
    if (handle !== null) keys.set(handle, key);
    return handle;
  };
  return {
    // What was never noted was never submitted, so that there is nothing to ask for.
    find: async (key) => (existsSync(join(dir, `${key}.json`)) ? known(key, await engine.find(key)) : null),
    async submit(job) {
      const { key, title } = job;
      makeFolders(dir);
      const file = join(dir, `${key}.json`);
      writeFileSync(`${file}.new`, `${JSON.stringify({ ...note, key, title })}\n`);
      renameSync(`${file}.new`, file);
      return known(key, await engine.submit(job));
    },
    poll: (handle, waitMs) => engine.poll(handle, waitMs),
    log: (handle, offset) => engine.log(handle, offset),
    results: (handle) => engine.results(handle),
    cancel: (handle) => engine.cancel(handle),
    async forget(handle) {
      await engine.forget(handle);
      removeNote(dir, keys.get(handle) ?? handle);
    },
  };
}

/** What is noted of jobs that may still be there. */
export function readNotes(dir: string): RemoteNote[] {
  return namesIn(dir).flatMap((name) => {
    const text = readTextIfThere(join(dir, name));
    try {
      const note = JSON.parse(text ?? '') as RemoteNote;
      return KEY.test(note.key) && name === `${note.key}.json` ? [note] : [];
    } catch {
      return [];
    }
  });
}

export function removeNote(dir: string, key: string): void {
  rmSync(join(dir, `${key}.json`), { force: true });
}

function namesIn(dir: string): string[] {
  return namesIfThere(dir).filter((name) => name.endsWith('.json'));
}
