import type { ErrorObject } from 'ajv';
import type { Path } from './path.ts';
import { suggest } from './suggest.ts';

/** One mistake: the most helpful of ajv's errors about one position. */
export interface Finding {
  readonly error: ErrorObject;
  /** The map or value the error is about. */
  readonly path: Path;
  /** The key that is missing or unknown. */
  readonly key: string | undefined;
}

/** Ajv's errors, one for each place; `toPath` reads a JSON pointer into the checked value. */
export function findingsOf(errors: readonly ErrorObject[], toPath: (pointer: string) => Path): Finding[] {
  const findings = errors.filter((error) => error.propertyName === undefined).map((error) => toFinding(error, toPath));
  const misspelt = new Set(
    findings.filter(isUnknown).map((finding) => keyOf(finding.path, suggest(finding.key ?? '', knownKeys(finding.error)))),
  );
  // After "unknown edti, did you mean edit", the error "edit is missing" would report the same mistake twice.
  return onePerPlace(findings).filter(({ error, path, key }) => error.keyword !== 'required' || !misspelt.has(keyOf(path, key)));
}

/** The keys a closed map may have, from an error of its schema. */
export function knownKeys(error: ErrorObject): string[] {
  const properties: unknown = error.parentSchema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function isUnknown({ error }: Finding): boolean {
  return error.keyword === 'additionalProperties';
}

function toFinding(error: ErrorObject, toPath: (pointer: string) => Path): Finding {
  const key: unknown = error.params['additionalProperty'] ?? error.params['missingProperty'] ?? error.params['propertyName'];
  return { error, path: toPath(error.instancePath), key: typeof key === 'string' ? key : undefined };
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
