/** The entries of a ledger as the fold reads them, from git's objects: nothing in them is believed to be well-formed. */
import type { Git } from '../../git/git.ts';
import { readSummary } from '../../ledger/message.ts';
import { readObjects } from '../../ledger/read.ts';
import type { NodeEntry } from '../model.ts';

/** A ledger's commit, with what it says of itself. */
export interface RawEntry {
  readonly commit: string;
  readonly parents: readonly string[];
  /** As git stores it. */
  readonly text: string;
}

/** Entries read at once. */
const CHUNK = 2000;

/** The commits of a ledger after one, the oldest first, without reading what they say; null where they do not lead back to it. */
export async function listCommits(git: Git, tip: string, after: string | null, most: number): Promise<string[] | null> {
  if (tip === after) return [];
  const range = after === null ? [tip] : [tip, `^${after}`];
  const out = await git.run(['rev-list', '--first-parent', '--parents', `--max-count=${most}`, ...range, '--']);
  const rows = out.trim() === '' ? [] : out.trim().split('\n').map((line) => line.split(' ')); // prettier-ignore
  const commits = rows.map(([commit = '']) => commit).toReversed();
  const before = rows.at(-1)?.[1] ?? null;
  return rows.length > 0 && before === after ? commits : null;
}

/** A part of a ledger: up to `tip`, from what follows on `after`, or from its first entry where that is null. */
export interface Part {
  readonly tip: string;
  readonly after: string | null;
}

/** The same for many ledgers, with one git process where none of them is odd. */
export async function listChains(git: Git, parts: readonly Part[], most: number): Promise<(string[] | null)[]> {
  const moved = parts.filter(({ tip, after }) => tip !== after);
  const before = new Map(moved.length > 1 ? await firstParents(git, moved, most) : []);
  const chains: (string[] | null)[] = [];
  for (const { tip, after } of parts) chains.push(chainIn(before, tip, after) ?? (await listCommits(git, tip, after, most)));
  return chains;
}

/** What the ledgers have more than all that is known of them together, each entry with the one before it. */
async function firstParents(git: Git, parts: readonly Part[], most: number): Promise<[string, string | null][]> {
  const known = parts.flatMap(({ after }) => (after === null ? [] : [`^${after}`]));
  const revisions = [...parts.map(({ tip }) => tip), ...known].join('\n');
  const out = await git.run(['rev-list', '--first-parent', '--parents', `--max-count=${most}`, '--stdin'], { input: `${revisions}\n` });
  return [...out.matchAll(/^(\S+)(?: (\S+))?/gm)].map(([, commit = '', parent]) => [commit, parent ?? null]);
}

/** Null where one is missing: it may be known from another ledger, or lead elsewhere. */
function chainIn(before: ReadonlyMap<string, string | null>, tip: string, after: string | null): string[] | null {
  const commits: string[] = [];
  for (let at: string | null | undefined = tip; at !== after; at = before.get(at)) {
    if (at === null || at === undefined || !before.has(at)) return null;
    commits.push(at);
  }
  return commits.toReversed();
}

export async function readRaw(git: Git, commits: readonly string[]): Promise<RawEntry[]> {
  const entries: RawEntry[] = [];
  for (let at = 0; at < commits.length; at += CHUNK) {
    const chunk = commits.slice(at, at + CHUNK);
    const objects = await readObjects(git, chunk);
    chunk.forEach((commit, index) => {
      const text = objects[index]?.text ?? '';
      entries.push({ commit, text, parents: [...headerOf(text).matchAll(/^parent (\S+)$/gm)].map(([, parent = '']) => parent) });
    });
  }
  return entries;
}

/** What the entries say. One that is no record in the form of a ledger keeps its place and says nothing. */
export async function readEntriesOf(git: Git, raw: readonly RawEntry[]): Promise<NodeEntry[]> {
  const others = raw.filter(({ text }) => !text.includes('\nAutoresearch-Summary: '));
  const records = await readObjects(git, others.map(({ commit }) => `${commit}:record.json`)); // prettier-ignore
  const known = new Map(others.map(({ commit }, index) => [commit, records[index]?.text]));
  return raw.map((entry) => {
    const at = Number(/^committer .* (\d+) [+-]\d{4}$/m.exec(headerOf(entry.text))?.[1] ?? 0);
    return { commit: entry.commit, at, record: known.has(entry.commit) ? session(known.get(entry.commit), entry) : summary(entry) };
  });
}

function summary({ text }: RawEntry): NodeEntry['record'] {
  try {
    return readSummary(text.slice(text.indexOf('\n\n'))) ?? BROKEN;
  } catch {
    return BROKEN;
  }
}

const BROKEN = { kind: 'broken' } as const;

function session(json: string | undefined, { parents }: RawEntry): NodeEntry['record'] {
  try {
    const record = JSON.parse(json ?? '') as { readonly kind?: unknown; readonly seen?: Readonly<Record<string, unknown>> } | null;
    if (typeof record?.kind !== 'string' || record.kind === 'broken') return BROKEN;
    if (record.kind === 'audit') return record as { readonly kind: string };
    if (record.kind !== 'synced') return { kind: record.kind };
    const seen = Object.entries(record.seen ?? {});
    // What it names must be what it refers to, so that it is there.
    const isTrue = seen.map(([, commit]) => String(commit)).join() === parents.slice(1).join();
    return isTrue ? { kind: 'synced', seen: Object.fromEntries(seen.map(([id, commit]) => [id, String(commit)])) } : BROKEN;
  } catch {
    return BROKEN;
  }
}

function headerOf(text: string): string {
  return text.slice(0, text.indexOf('\n\n'));
}
