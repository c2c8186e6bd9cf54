import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReasonError, type Preflight } from '../../../src/plugin.ts';

interface CriticalItems {
  /** The ids; null where all items count. */
  ids(): readonly string[] | null;
  verify(preflight: Preflight): void;
}

/** The list of critical items from the config or a file, which is read once, and not before it is needed. */
export function createCritical(
  given: readonly string[] | undefined,
  file: string | undefined,
  { projectDir, path }: { readonly projectDir: string; readonly path: string },
): CriticalItems {
  let known: readonly string[] | null = given ?? null;
  const read = (): readonly string[] | null => {
    if (file === undefined || known !== null) return known;
    const lines = readLines(join(projectDir, file));
    if (lines.length === 0) throw new ReasonError('CRITICAL_FILE', `${path}: ${file} cannot be read, or names no item`);
    known = lines;
    return known;
  };
  return {
    ids: read,
    verify(preflight) {
      if (file === undefined || readLines(join(projectDir, file)).length > 0) return;
      preflight.problem('PREFLIGHT_FAILED', `${path}: ${file} cannot be read, or names no item`, `write one id on each line of ${file}`);
    },
  };
}

function readLines(file: string): string[] {
  try {
    return [
      ...new Set(
        readFileSync(file, 'utf8')
          .split(/\r?\n/)
          .map((line) => line.trim()),
      ),
    ].filter(Boolean);
  } catch {
    return [];
  }
}
