import type { ErrorObject } from 'ajv';
import type { ErrorCode } from '../errors.ts';
import type { Diagnostics } from './diagnostics.ts';
import { find, nearest, type Located } from './located.ts';
import { formatPath, fromPointer, type Path } from './path.ts';
import { wordsFor } from './schema-words.ts';
import { suggest } from './suggest.ts';

export interface SchemaSubject {
  readonly root: Located;
  /** The place of the validated value in the config. */
  readonly path: Path;
  /** The plugin whose options these are; absent for the config itself. */
  readonly plugin?: string;
}

interface Finding {
  readonly error: ErrorObject;
  /** The map or value the error is about. */
  readonly path: Path;
  /** The key that is missing or unknown. */
  readonly key: string | undefined;
}

/** Turns ajv's errors into ours: one for each place, at the place where the value was written. */
export function reportSchemaErrors(errors: readonly ErrorObject[], subject: SchemaSubject, diagnostics: Diagnostics): void {
  const findings = errors.filter((error) => error.propertyName === undefined).map((error) => toFinding(error, subject));
  const misspelt = new Set(
    findings.filter(isUnknown).map((finding) => keyOf(finding.path, suggest(finding.key ?? '', knownKeys(finding.error)))),
  );
  for (const finding of onePerPlace(findings)) {
    // "unknown edti, did you mean edit" says it; "edit is missing" would be the same mistake again.
    if (finding.error.keyword === 'required' && misspelt.has(keyOf(finding.path, finding.key))) continue;
    reportFinding(finding, subject, diagnostics);
  }
}

/** The keys a closed map may have, from an error of its schema. */
function knownKeys(error: ErrorObject): string[] {
  const properties: unknown = error.parentSchema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function isUnknown({ error }: Finding): boolean {
  return error.keyword === 'additionalProperties';
}

function toFinding(error: ErrorObject, subject: SchemaSubject): Finding {
  const key: unknown = error.params['additionalProperty'] ?? error.params['missingProperty'] ?? error.params['propertyName'];
  return { error, path: withIndexes(subject, fromPointer(error.instancePath)), key: typeof key === 'string' ? key : undefined };
}

// Ajv writes an index like a key; only the value itself tells them apart.
function withIndexes({ root, path }: SchemaSubject, steps: readonly string[]): Path {
  return steps.reduce<Path>((at, step) => [...at, find(root, at)?.type === 'list' ? Number(step) : step], path);
}

function keyOf(path: Path, key: string | undefined): string {
  return JSON.stringify([path, key]);
}

function onePerPlace(findings: readonly Finding[]): Finding[] {
  const byPlace = new Map<string, Finding>();
  for (const finding of findings) {
    const place = keyOf(finding.path, finding.key);
    const known = byPlace.get(place);
    if (known === undefined || rank(finding) < rank(known)) byPlace.set(place, finding);
  }
  return [...byPlace.values()];
}

const ORDER = ['type', 'format', 'enum', 'const'];

function rank({ error }: Finding): number {
  const index = ORDER.indexOf(error.keyword);
  return index < 0 ? ORDER.length : index;
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
  // Only a wrapped single agent is shown by another path than it is kept by.
  const shown = find(subject.root, path)?.origin.path ?? path;
  const words = wordsFor(error, { key, path: shown, plugin: subject.plugin, known: knownKeys(error) });
  const prefix = shown.length === 0 ? '' : `${formatPath(shown)}: `;
  diagnostics.add(
    CODES[error.keyword] ?? 'CONFIG_VALUE',
    { origin, target: aboutKey || error.keyword === 'required' ? 'key' : 'value' },
    prefix + words.message,
    words.hint,
  );
}
