import { relative } from 'node:path';
import { AutoresearchError, AutoresearchErrors, type ErrorCode, type Place } from '../errors.ts';
import { codeFrame } from './frame.ts';
import type { Origin, Source } from './located.ts';

/** A place to point at: the key for unknown keys, the value for wrong ones, nothing more than the file for the rest. */
export interface Spot {
  readonly origin: Origin;
  readonly target: 'key' | 'value';
}

/** Collects config errors, each with file, line, column and frame, so that all can be shown at once. */
export class Diagnostics {
  readonly #errors: AutoresearchError[] = [];
  readonly #cwd: string;

  /** @param cwd files are named relative to it */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  get count(): number {
    return this.#errors.length;
  }

  add(code: ErrorCode, spot: Spot, message: string, hint?: string): void {
    this.#errors.push(new AutoresearchError(code, message, { hint, ...this.#place(spot) }));
  }

  /** Adds an error found elsewhere, at its place in the config. */
  adopt(error: AutoresearchError, spot: Spot, message = error.message): void {
    const { hint, plugin, hook, cause } = error;
    this.#errors.push(new AutoresearchError(error.code, message, { hint, plugin, hook, cause, ...this.#place(spot) }));
  }

  /** Throws everything found so far, sorted by file, line and column. */
  throwIfAny(): void {
    if (this.#errors.length > 0) throw new AutoresearchErrors(this.#errors.toSorted(byPlace));
  }

  /** Where a value stands; undefined where no file says it. */
  placeOf({ source, value }: Origin): Place | undefined {
    return source.file === null ? undefined : { file: this.nameOf(source), ...value };
  }

  /** The name a source is shown by. */
  nameOf(source: Source): string {
    return source.file === null ? source.name : relative(this.#cwd, source.file) || source.file;
  }

  #place({ origin, target }: Spot): { at: Place; frame?: string } {
    const file = this.nameOf(origin.source);
    const position = target === 'key' ? (origin.key ?? origin.value) : origin.value;
    if (position === undefined) return { at: { file } };
    const at = { file, ...position };
    // The top of a file has no key of its own: a frame there would show unrelated lines.
    return target === 'key' && origin.path.length === 0 ? { at } : { at, frame: codeFrame(origin.source.text, position) };
  }
}

function byPlace(a: AutoresearchError, b: AutoresearchError): number {
  return compare(a.at?.file ?? '', b.at?.file ?? '') || (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
