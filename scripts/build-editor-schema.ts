/**
 * Writes schemas/editor.schema.json, which editors use to complete and check a config, from schemas/config.schema.json
 * and the option schemas of the built-in plugins. Run: node scripts/build-editor-schema.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import core from '../schemas/config.schema.json' with { type: 'json' };
import { DURATION_PATTERN } from '../src/duration.ts';
import type { AnyDefinition, Kind } from '../src/plugin.ts';
import { KINDS } from '../src/plugins/builtin.ts';
import { builtinDefinitions } from './builtin-definitions.ts';

type Schema = Record<string, unknown>;

const FILE = join(import.meta.dirname, '..', 'schemas', 'editor.schema.json');

/** The whole editor schema as text, ready to compare with the committed file. */
export async function buildEditorSchema(): Promise<string> {
  const kinds = await Promise.all(KINDS.map(async (kind) => [kind, await builtinDefinitions(kind)] as const));
  const { required, properties, $defs, title } = core;
  const schema: Schema = {
    $schema: core.$schema,
    title,
    description: 'Generated from config.schema.json and the built-in plugins: do not edit.',
    type: 'object',
    additionalProperties: false,
    properties: {
      ...properties,
      objective: placeOf('objective', properties.objective.description),
      trainer: placeOf('trainer', properties.trainer.description),
      agent: oneOrMore(placeOf('agent', properties.agent.description)),
      metrics: { ...properties.metrics, additionalProperties: placeOf('metric', 'What reads this number from a trial.') },
      gates: { ...properties.gates, items: { ...placeOf('gate', 'A check.'), required: ['use'] } },
      reporters: { ...properties.reporters, items: { ...placeOf('reporter', 'A reporter.'), required: ['use'] } },
    },
    // A config that extends another one may leave out what that one says.
    ...when({ not: { required: ['extends'] } }, { required }),
    definitions: Object.fromEntries(kinds.map(([kind, plugins]) => [kind, kindSchema(kind, plugins, $defs)])),
  };
  const lenient: Schema = { ...schema, properties: withoutRequired(schema['properties']) };
  return format(JSON.stringify(withPatterns(lenient)), { parser: 'json', printWidth: 140 });
}

// In draft-07 a description beside $ref is ignored, so the reference stands in an allOf.
function placeOf(kind: Kind, description: string): Schema {
  return { description, allOf: [{ $ref: `#/definitions/${kind}` }] };
}

function oneOrMore(place: Schema): Schema {
  return { description: place['description'], anyOf: [place, { type: 'array', minItems: 1, items: place }] };
}

function kindSchema(kind: Kind, plugins: readonly AnyDefinition[], defs: typeof core.$defs): Schema {
  const { properties } = kind === 'agent' ? defs.agent : kind === 'trainer' ? defs.trainer : defs.use;
  const names = plugins.map(({ name, description }) => ({ const: name, description }));
  return {
    type: 'object',
    additionalProperties: false,
    properties: { ...properties, use: { anyOf: [...names, defs.name] }, with: defs.options },
    allOf: plugins.map(optionsOf),
  };
}

function optionsOf({ name, schema, members, description }: AnyDefinition): Schema {
  const open = schema === false ? { type: 'object', additionalProperties: false, properties: {} } : withoutRequired(schema);
  const options = members === undefined ? open : withAgents(asSchema(open), members);
  return when({ properties: { use: { const: name } }, required: ['use'] }, { properties: { with: { ...asSchema(options), description } } });
}

// The entries of a team are agents like those under `agent`.
function withAgents(schema: Schema, members: string): Schema {
  const properties = asSchema(schema['properties']);
  const items = { ...placeOf('agent', 'An agent.'), required: ['use'] };
  return { ...schema, properties: { ...properties, [members]: { ...asSchema(properties[members]), items } } };
}

function when(condition: Schema, consequence: Schema): Schema {
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema; nothing awaits this object.
  return { if: condition, then: consequence };
}

// Which keys are missing can only be said after `extends` is merged: the check does that.
function withoutRequired(value: unknown): unknown {
  return mapSchema(value, (schema) => {
    const { required, ...rest } = schema;
    return Array.isArray(required) && 'properties' in schema ? rest : schema;
  });
}

function withPatterns(value: unknown): unknown {
  return mapSchema(value, (schema) => {
    if (schema['format'] !== 'duration') return schema;
    // In JSON Schema, the format "duration" is another one: P1DT2H.
    const { format: _format, ...rest } = schema;
    return { ...rest, pattern: DURATION_PATTERN };
  });
}

function mapSchema(value: unknown, change: (schema: Schema) => Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => mapSchema(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(change({ ...value })).map(([key, inner]) => [key, mapSchema(inner, change)]));
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

if (import.meta.main) writeFileSync(FILE, await buildEditorSchema());
