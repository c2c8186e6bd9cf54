/** What all nodes of a swarm start from: a commit with the config, the direction and the list of nodes, signed by who opened it. */
import type { Config } from '../../config/types.ts';
import { AutoresearchError } from '../../errors.ts';
import type { Direction } from '../../experiment.ts';
import { COMMITTER, type Git } from '../../git/git.ts';
import { ObjectWriter, treeOfFiles } from '../../git/objects.ts';
import { isCommitSignedBy, signCommit } from '../../git/signature/signed-commit.ts';
import type { NodeKey } from '../../git/signature/ssh-key.ts';
import { readObjects } from '../../ledger/read.ts';
import { formatNodes, parseNodes, type NodesFile } from './nodes-file.ts';

/** `opening.json`. It stays as it was, whatever happens to the list of nodes. */
export interface OpeningFacts {
  readonly v: 1;
  readonly run: string;
  /** The commit the run starts from. */
  readonly base: string;
  readonly at: string;
  /** The key of who opened it, and alone may change the list of nodes. */
  readonly by: string;
  readonly projectPrefix: string;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly config: Config;
}

export interface Opening {
  /** The first commit: by it a run is told from another one of the same name. */
  readonly id: string;
  /** The commit with the newest list of nodes. */
  readonly tip: string;
  readonly facts: OpeningFacts;
  readonly program: string;
  readonly nodes: NodesFile;
}

const MOST_BYTES = 1024 * 1024;
/** How often a list of nodes may change. */
const MOST_CHANGES = 10_000;

/** Writes a commit that opens a swarm; with `before`, one that changes its list of nodes. Gives the commit. */
export async function writeOpening(
  git: Git,
  { facts, program, nodes }: Omit<Opening, 'id' | 'tip'>,
  { key, before }: { readonly key: NodeKey; readonly before?: string },
): Promise<string> {
  const objects = await ObjectWriter.open(git);
  const files = [
    ['nodes.yaml', formatNodes(nodes)],
    ['opening.json', `${JSON.stringify(facts, null, 1)}\n`],
    ['program.md', program],
  ] as const;
  const tree = objects.write('tree', treeOfFiles(files.map(([name, text]) => ({ name, id: objects.write('blob', text) }))));
  const who = `${COMMITTER} ${Math.floor(Date.now() / 1000)} +0000`;
  const subject = before === undefined ? `opened ${facts.run} for a swarm` : `nodes of ${facts.run}`;
  const lines = [`tree ${tree}`, `parent ${before ?? facts.base}`, `author ${who}`, `committer ${who}`, '', `${subject}\n`];
  return objects.write('commit', signCommit(lines.join('\n'), key, objects.hash));
}

/**
 * Reads the opening that a commit is the newest state of, and checks who signed it.
 * @throws AutoresearchError SWARM_OPENING_INVALID
 */
export async function readOpening(git: Git, tip: string): Promise<Opening> {
  const [facts, nodes, program] = await readFiles(git, tip);
  if (typeof facts !== 'string' || typeof nodes !== 'string') throw invalid('it lacks opening.json or nodes.yaml');
  const parsed = parseFacts(facts);
  const out = await git.run(['rev-list', '--first-parent', '--parents', `--max-count=${MOST_CHANGES}`, tip, `^${parsed.base}`, '--']);
  const chain = out.trim().split('\n').map((line) => line.split(' ')); // prettier-ignore
  const id = chain.at(-1)?.[0] ?? '';
  if (chain.at(-1)?.[1] !== parsed.base) throw invalid('it does not begin at the commit that it names');
  const commits = await readObjects(git, chain.map(([commit = '']) => commit)); // prettier-ignore
  const hash = tip.length === 40 ? 'sha1' : 'sha256';
  for (const commit of commits) {
    if (commit?.type !== 'commit' || !isCommitSignedBy(Buffer.from(commit.text), parsed.by, hash))
      throw invalid('a commit of it is not signed by who opened it');
  }
  const [first] = await readFiles(git, id);
  if (first !== facts) throw invalid('it is not what it was when it was opened');
  return { id, tip, facts: parsed, program: program ?? '', nodes: parseNodes(nodes) };
}

async function readFiles(git: Git, commit: string): Promise<(string | null)[]> {
  const names = ['opening.json', 'nodes.yaml', 'program.md'].map((name) => `${commit}:${name}`);
  const sizes = (await git.run(['cat-file', '--batch-check=%(objecttype) %(objectsize)'], { input: `${names.join('\n')}\n` })).split('\n');
  const isFine = sizes.slice(0, names.length).every((line) => !/^blob (\d+)$/.test(line) || Number(line.slice(5)) <= MOST_BYTES);
  if (!isFine) throw invalid(`a file of it is larger than ${MOST_BYTES / 1024 ** 2} MB`);
  return (await readObjects(git, names)).map((object) => (object?.type === 'blob' ? object.text : null));
}

function parseFacts(text: string): OpeningFacts {
  let facts: Partial<OpeningFacts> | null;
  try {
    facts = JSON.parse(text) as Partial<OpeningFacts> | null;
  } catch {
    throw invalid('opening.json is no JSON');
  }
  const { v, run, base, by, objective, config, projectPrefix } = facts ?? {};
  const isWhole =
    v === 1 &&
    [run, by, projectPrefix].every((value) => typeof value === 'string') &&
    /^[0-9a-f]{40,64}$/.test(String(base)) &&
    typeof objective?.label === 'string' &&
    ['minimize', 'maximize'].includes(objective.direction) &&
    typeof config === 'object';
  if (!isWhole) throw invalid(v !== undefined && v !== 1 ? 'a newer version of autoresearch has made it' : 'opening.json lacks something');
  if (/(^|\/)\.\.(\/|$)|^\//.test(projectPrefix ?? '')) throw invalid('its project is outside of its repository');
  return facts as OpeningFacts;
}

function invalid(what: string): AutoresearchError {
  return new AutoresearchError('SWARM_OPENING_INVALID', `the opening of this swarm cannot be used: ${what}`, {
    hint: 'ask who opened it; nothing was changed here',
  });
}
