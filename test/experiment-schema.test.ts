import { Ajv, type AnySchemaObject } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../schemas/experiment.schema.json' with { type: 'json' };
import { settledExperiment } from './views/arbitrary.ts';
import { syntheticRun } from './views/synthetic.ts';

const validate = new Ajv({ allErrors: true }).compile(schema);
const valid = (value: unknown): boolean => validate(value);

/** An experiment in which every optional part is there. */
function fullExperiment(): Record<string, unknown> {
  const kept = syntheticRun(40).findLast(({ verdict }) => verdict === 'keep');
  const copy = structuredClone(kept) as unknown as Record<string, unknown> & { proposal: Record<string, unknown> };
  copy.proposal['params'] = { lr: 0.8, optimizer: 'muon', compile: true };
  return copy;
}

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object of the record that the schema closes, with its place. */
function closedObjects(root: Node): [string, Node][] {
  const trial = (root['trials'] as Node[])[0];
  const judgement = (root['judgements'] as Node[])[0];
  const change = (root['changes'] as Node[])[0];
  const proposal = root['proposal'] as Node;
  const named = {
    root,
    proposal,
    expected: proposal['expected'],
    usage: proposal['usage'],
    change,
    diff: root['diff'],
    trial,
    score: root['score'],
    judgement,
    reason: root['reason'],
    incumbent: root['incumbent'],
  };
  return Object.entries(named).flatMap(([name, node]) => (isNode(node) ? [[name, node] as [string, Node]] : []));
}

describe('experiment schema', () => {
  it('accepts the experiments of a run: kept, discarded, crashed, for review, and the baseline', () => {
    const run = syntheticRun(60);
    expect(new Set(run.map(({ verdict }) => verdict)).size).toBe(4);
    expect(run.filter((experiment) => !valid(experiment))).toEqual([]);
  });

  it('accepts whatever the types allow', () => {
    fc.assert(
      fc.property(settledExperiment, (experiment) => valid(JSON.parse(JSON.stringify(experiment)))),
      { numRuns: 200 },
    );
  });

  it('covers every kind of object with its example', () => {
    expect(closedObjects(fullExperiment()).map(([name]) => name)).toHaveLength(11);
    expect(valid(fullExperiment())).toBe(true);
  });

  it('refuses a record without one of its required fields', () => {
    const optional = new Set(['params', 'expected', 'usage', 'evidence']);
    for (const [name, { length }] of closedObjects(fullExperiment()).map(([name, node]) => [name, Object.keys(node)] as const)) {
      for (let at = 0; at < length; at++) {
        const copy = fullExperiment();
        const node = Object.fromEntries(closedObjects(copy))[name] ?? {};
        const key = Object.keys(node)[at] ?? '';
        if (optional.has(key) || name === 'expected' || name === 'usage') continue;
        delete node[key];
        expect(valid(copy), `${name} without ${key}`).toBe(false);
      }
    }
  });

  it('refuses a key it does not know, wherever it is', () => {
    for (const [name] of closedObjects(fullExperiment())) {
      const copy = fullExperiment();
      const node = Object.fromEntries(closedObjects(copy))[name] ?? {};
      node['unknown'] = 1;
      expect(valid(copy), name).toBe(false);
    }
  });

  it('refuses what JSON cannot hold as a number, and words outside the lists', () => {
    for (const broken of [
      { seconds: null },
      { verdict: 'maybe' },
      { v: 2 },
      { state: 'scored' },
      { id: -1 },
      { parent: 'abc' },
      { startedAt: 'yesterday' },
      { metrics: { loss: null } },
    ]) {
      expect(valid({ ...fullExperiment(), ...broken }), JSON.stringify(broken)).toBe(false);
    }
  });

  it('describes every property', () => {
    const bare: string[] = [];
    const walk = (node: AnySchemaObject, path: string): void => {
      for (const [name, property] of Object.entries<AnySchemaObject>(node['properties'] ?? {})) {
        if (!property['description']) bare.push(`${path}.${name}`);
        walk(property, `${path}.${name}`);
      }
    };
    walk(schema, '');
    for (const [name, definition] of Object.entries(schema.definitions)) walk(definition, name);
    expect(bare).toEqual([]);
  });
});
