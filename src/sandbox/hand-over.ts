import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { lstat, mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { ReasonError } from '../contract/reason-error.ts';
import { makeFolders } from '../folders.ts';

const { O_RDONLY, O_NOFOLLOW, O_DIRECTORY, O_NONBLOCK } = constants;
const CHUNK_BYTES = 1024 * 1024;
const MOST_FILES = 10_000;
const DEEPEST = 32;

interface HandOver {
  /** Files or folders, relative to both folders. */
  readonly paths: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Of all of them together. */
  readonly maxBytes: number;
}

/**
 * Copies the outputs of a candidate, which is not trusted: only plain files and folders of them, nothing outside of `from`,
 * even where somebody moves links about meanwhile. What was at the paths in `to` is removed.
 * @returns by path the sha256 of what was copied; of a folder, that of the list of its files with theirs
 * @throws ReasonError `OUTPUT_MISSING` or `OUTPUT_REFUSED`
 */
export async function handOver({ paths, from, to, maxBytes }: HandOver): Promise<Record<string, string>> {
  const room = { bytes: maxBytes, files: MOST_FILES };
  const digests: Record<string, string> = {};
  for (const path of paths) {
    const dest = join(to, path);
    await rm(dest, { recursive: true, force: true });
    makeFolders(dirname(dest));
    const found: [string, string][] = [];
    const isFolder = await copyPath(path, { from, dest, maxBytes, room, found });
    digests[path] = isFolder ? digestOfList(found) : (found[0]?.[1] ?? '');
  }
  return digests;
}

/** The sha256 of a list of files with the sha256 of each, in the order of their names. */
export function digestOfList(files: readonly (readonly [path: string, sha256: string])[]): string {
  const lines = files.map(([path, sha256]) => `${sha256}  ${path}\n`).toSorted();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

interface Copying {
  readonly from: string;
  readonly dest: string;
  readonly maxBytes: number;
  /** What may still be copied. */
  readonly room: { bytes: number; files: number };
  /** The files that were copied, relative to the path, with their sha256. */
  readonly found: [string, string][];
}

/** Goes down step by step, each folder held open: a name is looked up in the folder that was checked, and in no other. */
async function copyPath(path: string, copying: Copying): Promise<boolean> {
  const steps = posix.normalize(path).split('/').filter(Boolean);
  const name = steps.pop() ?? '';
  const held: FileHandle[] = [];
  try {
    let folder = copying.from;
    for (const step of steps) {
      const handle = await openEntry(join(folder, step), O_DIRECTORY, path);
      held.push(handle);
      folder = insideOf(handle, join(folder, step));
    }
    return await copyEntry(join(folder, name), { shown: path, relative: '', dest: copying.dest }, copying);
  } finally {
    for (const handle of held) await handle.close();
  }
}

interface Entry {
  /** In words, for people. */
  readonly shown: string;
  /** Relative to the output it belongs to; empty for the output itself. */
  readonly relative: string;
  readonly dest: string;
}

async function copyEntry(at: string, entry: Entry, copying: Copying): Promise<boolean> {
  // Opening a device can do something, so what it is comes first.
  const stat = await lstat(at).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? missing(entry.shown) : refused(entry.shown, `cannot be read: ${error.code}`);
  });
  if (stat.isDirectory()) {
    await copyFolder(at, entry, copying);
    return true;
  }
  if (stat.isSymbolicLink()) throw refused(entry.shown, 'is a symbolic link');
  if (!stat.isFile()) throw refused(entry.shown, 'is no plain file');
  await copyFile(at, entry, copying);
  return false;
}

async function copyFolder(at: string, { shown, relative, dest }: Entry, copying: Copying): Promise<void> {
  if (shown.split('/').length > DEEPEST) throw refused(shown, `is more than ${DEEPEST} folders deep`);
  const handle = await openEntry(at, O_DIRECTORY, shown);
  try {
    const inside = insideOf(handle, at);
    await mkdir(dest);
    for (const raw of await readdir(inside, { encoding: 'buffer' })) {
      const name = raw.toString();
      if (!Buffer.from(name).equals(raw)) throw refused(shown, 'holds a name that is not UTF-8');
      await copyEntry(
        join(inside, name),
        { shown: `${shown}/${name}`, relative: posix.join(relative, name), dest: join(dest, name) },
        copying,
      );
    }
  } finally {
    await handle.close();
  }
}

async function copyFile(at: string, { shown, relative, dest }: Entry, { room, found, maxBytes }: Copying): Promise<void> {
  if (--room.files < 0) throw refused(shown, `is one file more than the ${MOST_FILES} that can be handed over`);
  const source = await openEntry(at, O_NONBLOCK, shown);
  try {
    const stat = await source.stat();
    if (!stat.isFile()) throw refused(shown, 'is no plain file');
    if (stat.size > room.bytes) throw tooLarge(shown, maxBytes);
    found.push([relative, await copyBytes(source, dest, room, () => tooLarge(shown, maxBytes))]);
  } finally {
    await source.close();
  }
}

async function copyBytes(source: FileHandle, dest: string, room: Copying['room'], refuse: () => ReasonError): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const target = await open(dest, 'wx', 0o444);
  try {
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return hash.digest('hex');
      // It may have grown since its size was asked.
      room.bytes -= bytesRead;
      if (room.bytes < 0) throw refuse();
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      await target.writeFile(chunk);
    }
  } finally {
    await target.close();
  }
}

async function openEntry(at: string, flags: number, shown: string): Promise<FileHandle> {
  try {
    return await open(at, O_RDONLY | O_NOFOLLOW | flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw missing(shown);
    throw refused(shown, code === 'ELOOP' || code === 'ENOTDIR' ? 'leads through a link or a file' : `cannot be read: ${code}`);
  }
}

/** The folder that is held open, under whatever name it has by now; elsewhere than on Linux by its name alone. */
function insideOf({ fd }: FileHandle, path: string): string {
  const held = `/proc/self/fd/${fd}`;
  return existsSync(held) ? held : path;
}

function missing(shown: string): ReasonError {
  return new ReasonError('OUTPUT_MISSING', `${shown} was not written, and trainer.evaluate.outputs says that it is handed over`);
}

function refused(shown: string, why: string): ReasonError {
  return new ReasonError('OUTPUT_REFUSED', `${shown} ${why}`);
}

function tooLarge(shown: string, maxBytes: number): ReasonError {
  return refused(shown, `makes the outputs larger than the ${maxBytes / 1024 / 1024} MiB of trainer.evaluate.maxOutputMb`);
}
