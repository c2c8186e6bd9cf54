import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { messageOf } from '../errors.ts';
import type { DataFormat } from './rows.ts';

/** What is wrong with a row. The row may be changed: in CSV, texts become the numbers the schema asks for. */
export type RowCheck = (value: Record<string, unknown>) => readonly ErrorObject[];

export interface RowSchema {
  /** As it was parsed. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly check: RowCheck;
  /** The names the schema gives to the values of a row. */
  readonly properties: ReadonlySet<string>;
}

const DRAFTS = { '2019-09': Ajv2019, '2020-12': Ajv2020 } as const;

/**
 * Compiles a JSON Schema: draft-07, or the draft its `$schema` names.
 * @throws Error that says what is wrong with the schema
 */
export function compileRowSchema(text: string, format: DataFormat): RowSchema {
  const schema = parseSchema(text);
  const named = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  const draft = (Object.keys(DRAFTS) as (keyof typeof DRAFTS)[]).find((name) => named.includes(name));
  const options: Options = {
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    logger: false,
    coerceTypes: format === 'csv',
  };
  const ajv = draft === undefined ? new Ajv(options) : new DRAFTS[draft](options);
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return {
    schema,
    check: (value) => (validate(value) ? [] : [...(validate.errors ?? [])]),
    properties: new Set(Object.keys(toMap(schema['properties']))),
  };
}

function parseSchema(text: string): Record<string, unknown> {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) throw new Error('it is no JSON Schema: it must be a map');
  return toMap(schema);
}

function toMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
