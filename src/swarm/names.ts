/** How nodes and their experiments are called. */
import type { NodeId, Origin } from './model.ts';

const NODE = /^[a-z][a-z0-9-]{0,31}$/;
const ORIGIN = /^([a-z][a-z0-9-]{0,31})#(0|[1-9]\d{0,8})$/;

export function isNodeId(text: string): text is NodeId {
  return NODE.test(text);
}

export function originOf({ node, id }: { readonly node: NodeId; readonly id: number }): Origin {
  return `${node}#${id}`;
}

/** The node and the number that a name such as `b2#41` is made of; null for any other text. */
export function readOrigin(text: unknown): { readonly node: NodeId; readonly id: number } | null {
  const [, node, id] = typeof text === 'string' ? (ORIGIN.exec(text) ?? []) : [];
  return node === undefined || id === undefined ? null : { node, id: Number(id) };
}
