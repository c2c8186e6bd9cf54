import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReasonError } from '../../src/plugin.ts';
import { handOver } from '../../src/sandbox/hand-over.ts';

const MB = 1024 * 1024;
let folder = '';
let from = '';
let to = '';

function clear(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(from, { recursive: true });
  mkdirSync(to, { recursive: true });
  writeFileSync(join(folder, 'secret'), 'secret');
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'autoresearch-hand-over-')));
  [from, to] = [join(folder, 'from'), join(folder, 'to')];
  clear();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const take = (paths: readonly string[], maxBytes = MB) => handOver({ paths, from, to, maxBytes });
async function codeOf(taken: Promise<unknown>): Promise<string> {
  try {
    await taken;
    return 'taken';
  } catch (error) {
    if (!(error instanceof ReasonError)) throw error;
    return error.code;
  }
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

type Node = string | Hostile | { readonly [name: string]: Node };
interface Hostile {
  readonly kind: 'link-out' | 'link-in' | 'dangling' | 'pipe' | 'loop' | 'socket-name';
}
const isHostile = (node: Node): node is Hostile => typeof node === 'object' && 'kind' in node;
const hostileIn = (node: Node): boolean => typeof node === 'object' && (isHostile(node) || Object.values(node).some(hostileIn));
const bytesOf = (node: Node): number =>
  typeof node === 'string' ? node.length : isHostile(node) ? 0 : Object.values(node).reduce((sum, child) => sum + bytesOf(child), 0);

function make(node: Node, at: string): void {
  if (typeof node === 'string') writeFileSync(at, node);
  else if (!isHostile(node)) {
    mkdirSync(at);
    for (const [name, child] of Object.entries(node)) make(child, join(at, name));
  } else if (node.kind === 'pipe') execFileSync('mkfifo', [at]);
  else
    symlinkSync(
      { 'link-out': join(folder, 'secret'), 'link-in': '.', dangling: 'nowhere', loop: at, 'socket-name': '/dev/zero' }[node.kind],
      at,
    );
}

function readTree(at: string): Node {
  if (statSync(at).isFile()) return readFileSync(at, 'utf8');
  return Object.fromEntries(readdirSync(at).map((name) => [name, readTree(join(at, name))]));
}

const name = fc.constantFrom('a', 'b', '.c', 'é', '日本', 'sp ace', '-rf');
const text = fc.string({ maxLength: 40, unit: 'binary-ascii' });
const hostile = fc
  .constantFrom<Hostile['kind']>('link-out', 'link-in', 'dangling', 'pipe', 'loop', 'socket-name')
  .map((kind): Hostile => ({ kind }));
const tree = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    { weight: 6, arbitrary: text },
    { weight: 1, arbitrary: hostile },
    { weight: 4, arbitrary: fc.dictionary(name, tie('node'), { maxKeys: 4, noNullPrototype: true }) },
  ),
})).node;

describe('what a candidate leaves', () => {
  it('is taken whole where it is plain, and refused where anything of it is not', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.integer({ min: 0, max: 200 }), async (node, maxBytes) => {
        clear();
        make(node, join(from, 'out'));
        const code = await codeOf(take(['out'], maxBytes));
        const isFine = !hostileIn(node) && bytesOf(node) <= maxBytes;
        expect(code).toBe(isFine ? 'taken' : 'OUTPUT_REFUSED');
        if (isFine) expect(readTree(join(to, 'out'))).toEqual(node);
        expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('secret');
        expect(readdirSync(folder).toSorted()).toEqual(['from', 'secret', 'to']);
      }),
      { numRuns: 150 },
    );
  });

  it('is read-only, not executable, and told by its sha256', async () => {
    writeFileSync(join(from, 'run.sh'), 'echo', { mode: 0o777 });
    make({ b: '2', a: { c: '1' } }, join(from, 'folder'));
    const digests = await take(['run.sh', 'folder']);
    expect(statSync(join(to, 'run.sh')).mode & 0o777).toBe(0o444);
    expect(digests).toEqual({
      'run.sh': sha256('echo'),
      folder: sha256([`${sha256('1')}  a/c\n`, `${sha256('2')}  b\n`].toSorted().join('')),
    });
  });

  it('takes the place of what was there before', async () => {
    make({ old: 'x' }, join(to, 'out'));
    make('new', join(from, 'out'));
    await take(['out']);
    expect(readFileSync(join(to, 'out'), 'utf8')).toBe('new');
  });

  it.each([
    ['nothing', () => {}, 'OUTPUT_MISSING'],
    ['a link in the place of a folder above', () => symlinkSync(folder, join(from, 'deep')), 'OUTPUT_REFUSED'],
    ['a file in the place of a folder above', () => writeFileSync(join(from, 'deep'), ''), 'OUTPUT_REFUSED'],
  ])('is refused: %s', async (_name, leave, code) => {
    leave();
    expect(await codeOf(take(['deep/secret']))).toBe(code);
    expect(readdirSync(join(to, 'deep'))).toEqual([]);
  });

  it('is refused: a name that is not UTF-8, too many files, too deep folders', async () => {
    mkdirSync(join(from, 'out'));
    writeFileSync(Buffer.concat([Buffer.from(`${from}/out/`), Buffer.from([0xff])]), '');
    expect(await codeOf(take(['out']))).toBe('OUTPUT_REFUSED');
    mkdirSync(join(from, 'many'));
    writeFileSync(join(from, 'many/0'), '');
    for (let index = 1; index <= 10_000; index++) linkSync(join(from, 'many/0'), join(from, `many/${index}`));
    expect(await codeOf(take(['many']))).toBe('OUTPUT_REFUSED');
    mkdirSync(join(from, 'deep', ...Array.from({ length: 40 }, () => 'd')), { recursive: true });
    expect(await codeOf(take(['deep']))).toBe('OUTPUT_REFUSED');
  });

  it('is held to one limit of size for all outputs together', async () => {
    for (const path of ['a', 'b']) writeFileSync(join(from, path), 'x'.repeat(600));
    expect(await codeOf(take(['a', 'b'], 1200))).toBe('taken');
    expect(await codeOf(take(['a', 'b'], 1199))).toBe('OUTPUT_REFUSED');
  });
});
