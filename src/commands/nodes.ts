import { AutoresearchError, type ExitCode } from '../errors.ts';
import { oneLine } from '../ledger/message.ts';
import { createLog } from '../log.ts';
import type { KnownNode } from '../swarm/net/fetch.ts';
import { local } from '../swarm/net/layout.ts';
import { nodeOfRun, type NodeOfRun } from '../swarm/net/node-of-run.ts';
import { nodeKey } from '../swarm/net/node-key.ts';
import { readOpening, writeOpening, type Opening } from '../swarm/net/opening.ts';
import { readUnion } from '../swarm/net/read-union.ts';
import { syncOnce } from '../swarm/net/sync.ts';
import { viewOf } from '../swarm/state.ts';
import { overviewOf } from '../swarm/overview.ts';
import { renderSwarm } from '../views/swarm.ts';
import { print, printJson, textOptions, type ReadFlags } from './read.ts';

export interface NodesFlags extends ReadFlags {
  readonly key?: boolean;
  readonly trust?: readonly string[];
  readonly distrust?: readonly string[];
  readonly owner?: string;
}

/** The nodes of a swarm as they are known here; lists more of them in nodes.yaml. */
export async function nodes(run: string | undefined, flags: NodesFlags): Promise<ExitCode> {
  const log = createLog({ debug: false });
  const node = await nodeOfRun(process.cwd(), run);
  if (flags.key) {
    print(`${node.facts.node}: { owner: ${JSON.stringify(node.facts.owner)}, key: "${node.facts.key}" }`);
    return 0;
  }
  let { opening } = node;
  if (flags.trust !== undefined || flags.distrust !== undefined) {
    opening = await relist(node, flags);
    await syncOnce(await node.place(log.warn), opening);
  }
  const found = await readUnion(node.here, opening, node.cache);
  const { state } = viewOf(found.union);
  if (flags.json) printJson(state.nodes);
  else print([renderSwarm(overviewOf(state), opening.facts.objective.label, textOptions()), ...notCounted(found.nodes)].join('\n'));
  return 0;
}

const MOST_SHOWN = 10;

/** What has come under names of nodes and is no ledger that counts. */
function notCounted(nodes: readonly KnownNode[]): string[] {
  const lines = nodes
    .filter(({ tip }) => tip === null)
    .flatMap(({ id, problems }) => problems.map(({ code, text }) => `${id} ${code}: ${oneLine(text)}`));
  const more = lines.length > MOST_SHOWN ? [`and ${lines.length - MOST_SHOWN} more of that kind`] : [];
  return lines.length === 0 ? [] : ['', 'nothing counts of:', ...lines.slice(0, MOST_SHOWN), ...more];
}

/** Writes a new list of nodes. Only who opened the run can. */
async function relist(node: NodeOfRun, { trust = [], distrust = [], owner }: NodesFlags): Promise<Opening> {
  const { opening, repository, record, runDir } = node;
  const { git } = repository;
  const key = nodeKey(runDir);
  if (opening.facts.by !== key.publicKey) {
    throw new AutoresearchError('USAGE', 'only the node that opened the run can change who is listed', {
      hint: 'ask its owner: autoresearch nodes --trust NAME',
    });
  }
  const { nodes: known } = await readUnion(node.here, opening, node.cache);
  const listed = { ...opening.nodes.nodes };
  for (const id of distrust) delete listed[id];
  for (const id of trust) {
    const facts = known.find((each) => each.id === id)?.facts ?? null;
    if (facts === null) {
      throw new AutoresearchError('USAGE', `no node ${id} is known here`, { hint: 'autoresearch sync, then autoresearch nodes' });
    }
    listed[id] = { owner: owner ?? facts.owner, key: facts.key, may: ['propose', 'confirm'] };
  }
  const commit = await writeOpening(git, { ...opening, nodes: { ...opening.nodes, nodes: listed } }, { key, before: opening.tip });
  const next = await readOpening(git, commit);
  await git.run(['update-ref', local.opening(record.run), commit, opening.tip]);
  return next;
}
