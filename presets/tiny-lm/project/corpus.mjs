// PROTECTED: the text and its split. Experiments may not change this file.
//
// The text is what `npm ci` already put on this machine: documentation and source files from the
// nearest node_modules folder. Another set of installed packages is another text, so figures are
// comparable only between runs over the same packages; the `corpus:` line tells texts apart.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TRAINING_BYTES = 6_000_000;
const HELD_OUT_BYTES = 256_000;
const MINIMUM_BYTES = 1_000_000;

const LARGEST_FILE = 40_000;
const SMALLEST_FILE = 400;
/** Only the beginning of a held-out file is used, so that many files share the held-out text. */
const HELD_OUT_FILE_BYTES = 8_000;
/** One name in this many is held out. */
const HELD_OUT_SHARE = 8;
/** Text with longer lines than this on average is minified or generated. */
const LONGEST_AVERAGE_LINE = 120;

const TEXT_FILE = /\.(md|[cm]?js|[cm]?ts)$/;
const SKIPPED_FILE = /^(licen[cs]e|copying|notice)|\.min\./i;

/** Ends the process with one line of reason, so that no figure is reported. */
export function fail(reason) {
  console.error(`failed: ${reason}`);
  process.exit(1);
}

/** The text of the first node_modules folder that holds enough of it. */
export function gatherCorpus() {
  for (const folder of candidateFolders()) {
    const found = readCorpus(folder);
    if (found.training.length + found.heldOut.length >= MINIMUM_BYTES) return found;
  }
  return fail(
    'no node_modules folder with 1 MB of text in or above this project; ' +
      'run `npm install --save-dev eslint` in the project (or a folder above it) and try again',
  );
}

/** The node_modules folders from here upwards, then those from the installed package upwards. */
function candidateFolders() {
  const starts = [dirname(fileURLToPath(import.meta.url))];
  if (process.env.AUTORESEARCH_PACKAGE) starts.push(resolve(process.env.AUTORESEARCH_PACKAGE));
  const folders = new Set();
  for (const start of starts) {
    for (let folder = start; ; folder = dirname(folder)) {
      folders.add(join(folder, 'node_modules'));
      if (dirname(folder) === folder) break;
    }
  }
  return folders;
}

/** Reads files in a fixed shuffled order until both sides of the split are full. */
function readCorpus(root) {
  const files = listFiles(root, '', []).map((path) => ({ path, order: hash(path) }));
  files.sort((a, b) => a.order - b.order || (a.path < b.path ? -1 : 1));
  const sides = { training: [], heldOut: [] };
  for (const { path } of files) {
    const isHeldOut = hash(splitName(path)) % HELD_OUT_SHARE === 0;
    sides[isHeldOut ? 'heldOut' : 'training'].push(join(root, path));
  }
  const seen = new Set();
  const training = joinTexts(sides.training, TRAINING_BYTES, LARGEST_FILE, seen, () => true);
  const trainingLines = new Set(longLines(training));
  const isNew = (text) => {
    const lines = longLines(text);
    return lines.filter((line) => trainingLines.has(line)).length <= lines.length / 2;
  };
  const heldOut = joinTexts(sides.heldOut, HELD_OUT_BYTES, HELD_OUT_FILE_BYTES, seen, isNew);
  const digest = createHash('sha256').update(training).update(heldOut).digest('hex');
  return { training, heldOut, fingerprint: digest.slice(0, 12) };
}

/** The first `perFile` bytes of each accepted file, joined, up to `limit` bytes. */
function joinTexts(paths, limit, perFile, seen, isAccepted) {
  const chunks = [];
  let bytes = 0;
  for (const path of paths) {
    if (bytes >= limit) break;
    const text = readText(path, seen)?.subarray(0, Math.min(perFile, limit - bytes));
    if (text === undefined || !isAccepted(text)) continue;
    chunks.push(text);
    bytes += text.length;
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Lines long enough that two files share many of them only if one was made from the other. */
function longLines(text) {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  const lines = bytes.toString('latin1').split('\n');
  return lines.map((line) => line.trim()).filter((line) => line.length >= 30);
}

/**
 * Paths of text files below `root`. Links are left out, and so are hidden folders, where tools keep
 * caches; `.pnpm` is the exception, because pnpm keeps the packages themselves there.
 */
function listFiles(root, folder, paths) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return paths;
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') || entry.name === '.pnpm') listFiles(root, path, paths);
    } else if (entry.isFile() && TEXT_FILE.test(entry.name) && !SKIPPED_FILE.test(entry.name)) {
      paths.push(path);
    }
  }
  return paths;
}

/**
 * What decides the side of a file: its package and its name without endings. So `index.js`,
 * `index.mjs` and `index.d.ts` of one package, and two versions of that package, never part.
 */
function splitName(path) {
  const parts = path.split('node_modules/').pop().split('/');
  const packageName = parts[0].startsWith('@') ? `${parts[0]}/${parts[1]}` : parts[0];
  return `${packageName}:${basename(path).split('.')[0]}`;
}

/** The file's bytes; undefined if it is unreadable, too small, too large, minified or a copy. */
function readText(path, seen) {
  let text;
  try {
    const { size } = statSync(path);
    if (size < SMALLEST_FILE || size > LARGEST_FILE) return undefined;
    text = readFileSync(path);
  } catch {
    return undefined;
  }
  if (text.includes(0)) return undefined;
  let lines = 1;
  for (const byte of text) if (byte === 10) lines++;
  if (text.length / lines > LONGEST_AVERAGE_LINE) return undefined;
  const words = text.toString('latin1').replace(/\s+/g, ' ');
  const content = createHash('sha1').update(words).digest('hex');
  if (seen.has(content)) return undefined;
  seen.add(content);
  return text;
}

/** FNV-1a with a final mix: a fixed 32-bit number for a string. */
function hash(string) {
  let value = 0x811c9dc5;
  for (let i = 0; i < string.length; i++) {
    value = Math.imul(value ^ string.charCodeAt(i), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
