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
