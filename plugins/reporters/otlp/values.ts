/** The JSON of OTLP: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
import { createHash } from 'node:crypto';

export interface Attribute {
  readonly key: string;
  readonly value:
    { readonly stringValue: string } | { readonly doubleValue: number } | { readonly intValue: string } | { readonly boolValue: boolean };
}

type Plain = string | number | boolean | null | undefined;

/** Values that are there; whole numbers as integers. */
export function attributes(values: Readonly<Record<string, Plain>>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]): Attribute[] => {
    if (value === undefined || value === null) return [];
    if (typeof value === 'string') return [{ key, value: { stringValue: value.toWellFormed() } }];
    if (typeof value === 'boolean') return [{ key, value: { boolValue: value } }];
    return [{ key, value: Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value } }];
  });
}

/** The same id for the same thing, so that a span that is sent twice is one. */
export function idOf(bytes: 8 | 16, ...of: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(of.join('\0'))
    .digest('hex')
    .slice(0, 2 * bytes);
}

/** Milliseconds since 1970 as OTLP wants them. */
export function nanos(ms: number): string {
  return String(BigInt(Math.round(ms)) * 1_000_000n);
}
