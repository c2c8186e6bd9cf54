/** `nodes.yaml`: who takes part, and whose word counts for what. */
import { isMap, parseDocument, stringify, visit } from 'yaml';
import nodesSchema from '../../../schemas/nodes.schema.json' with { type: 'json' };
import { createAjv, validateWith } from '../../config/ajv.ts';
import { AutoresearchError } from '../../errors.ts';
import { parsePublicKey } from '../../git/signature/ssh-key.ts';
import type { ListedNode } from '../model.ts';

export interface NodesFile {
  readonly v: 1;
  /** May nodes take part that are not listed, and does their word count? */
  readonly guests: 'none' | 'claim' | 'confirm';
  readonly nodes: Readonly<Record<string, ListedNode>>;
}

/** No swarm needs a larger file. */
const MOST_BYTES = 256 * 1024;

/** @throws AutoresearchError SWARM_NODES_INVALID, naming what is wrong */
export function parseNodes(text: string, name = 'nodes.yaml'): NodesFile {
  if (text.length > MOST_BYTES) throw invalid(name, `it is larger than ${MOST_BYTES / 1024} kB`);
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw invalid(name, error.message.split('\n', 1)[0] ?? '');
  visit(document, {
    Alias: () => {
      throw invalid(name, 'aliases are not used here');
    },
  });
  if (!isMap(document.contents)) throw invalid(name, 'it must be a map');
  const value = { guests: 'claim', nodes: {}, ...(document.toJS() as object) } as NodesFile;
  const [problem] = validateWith(createAjv(), nodesSchema, value);
  if (problem) throw invalid(name, `${problem.instancePath.slice(1).replaceAll('/', '.') || 'the file'} ${problem.message ?? ''}`);
  const nodes = Object.entries(value.nodes).map(([id, node]): [string, ListedNode] => {
    const key = parsePublicKey(node.key);
    if (key === null) throw invalid(name, `nodes.${id}.key is no ssh-ed25519 public key`);
    return [id, { ...node, key, may: node.may ?? ['propose', 'confirm'] }];
  });
  const keys = nodes.map(([, { key }]) => key);
  const twice = nodes.find(([, { key }], index) => keys.indexOf(key) !== index);
  if (twice) throw invalid(name, `nodes.${twice[0]}.key is another node's`);
  return { v: 1, guests: value.guests, nodes: Object.fromEntries(nodes) };
}

export function formatNodes(file: NodesFile): string {
  return stringify(file, { lineWidth: 0 });
}

/** For `git verify-commit`: the signers by node. */
export function allowedSigners({ nodes }: NodesFile): string {
  return Object.entries(nodes)
    .map(([id, { key }]) => `${id} namespaces="git" ${key}\n`)
    .join('');
}

function invalid(name: string, what: string): AutoresearchError {
  return new AutoresearchError('SWARM_NODES_INVALID', `${name}: ${what}`, { hint: 'its form is in docs/swarm.md, under nodes.yaml' });
}
