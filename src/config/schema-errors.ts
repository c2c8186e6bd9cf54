import type { ErrorObject } from 'ajv';
import type { ErrorCode } from '../errors.ts';
import type { Diagnostics } from './diagnostics.ts';
import { findingsOf, knownKeys, type Finding } from './findings.ts';
import { find, nearest, writtenPath, type Located } from './located.ts';
import { formatPath, fromPointer, type Path } from './path.ts';
import { wordsFor } from './schema-messages.ts';

export interface SchemaSubject {
  readonly root: Located;
  /** The place of the validated value in the config. */
  readonly path: Path;
  /** The plugin whose options these are; absent for the config itself. */
  readonly plugin?: string;
}

/** Turns ajv's errors into ours: one for each place, at the place where the value was written. */
export function reportSchemaErrors(errors: readonly ErrorObject[], subject: SchemaSubject, diagnostics: Diagnostics): void {
  for (const finding of findingsOf(errors, (pointer) => withIndexes(subject, fromPointer(pointer)))) {
    reportFinding(finding, subject, diagnostics);
  }
}

// Ajv writes an index like a key; only the value itself tells them apart.
function withIndexes({ root, path }: SchemaSubject, steps: readonly string[]): Path {
  return steps.reduce<Path>((at, step) => [...at, find(root, at)?.type === 'list' ? Number(step) : step], path);
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  additionalProperties: 'CONFIG_UNKNOWN_KEY',
  required: 'CONFIG_MISSING_KEY',
  type: 'CONFIG_TYPE',
};

function reportFinding({ error, path, key }: Finding, subject: SchemaSubject, diagnostics: Diagnostics): void {
  const aboutKey = error.keyword === 'additionalProperties' || error.keyword === 'propertyNames';
  const second = error.keyword === 'uniqueItems' ? [Math.max(Number(error.params['i']), Number(error.params['j']))] : [];
  const { origin } = nearest(subject.root, aboutKey && key !== undefined ? [...path, key] : [...path, ...second]);
  const shown = writtenPath(subject.root, path);
  const words = wordsFor(error, { key, path: shown, plugin: subject.plugin, known: knownKeys(error) });
  const prefix = shown.length === 0 ? '' : `${formatPath(shown)}: `;
  diagnostics.add(
    CODES[error.keyword] ?? 'CONFIG_VALUE',
    { origin, target: aboutKey || error.keyword === 'required' ? 'key' : 'value' },
    prefix + words.message,
    words.hint,
  );
}
