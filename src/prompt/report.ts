import type { Report, Scalar, Usage } from '../plugin.ts';
import { cleanLine, cleanText } from './clean.ts';

/** What an agent said about its change, as far as it could be understood. */
export interface Told {
  readonly status: 'proposed' | 'no-change' | 'exhausted';
  readonly title: string;
  readonly reason: string;
  readonly report: Omit<Report, 'source' | 'title'>;
  readonly usage?: Usage;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a report leniently: what is missing or of the wrong type is left out. Null for anything but an object. */
export function readReport(value: unknown): Told | null {
  if (!isFields(value)) return null;
  const status = value['status'] === 'no-change' || value['status'] === 'exhausted' ? value['status'] : 'proposed';
  const usage = usageOf(value['usage']);
  const report = {
    ...optional('hypothesis', textOf(value['hypothesis'])),
    ...optional('rationale', textOf(value['rationale'] ?? value['reason'])),
    ...optional('risks', risksOf(value['risks'])),
    ...optional('expected', expectedOf(value['expected'])),
    ...optional('params', paramsOf(value['params'])),
  };
  const reason = textOf(value['reason'] ?? value['rationale']) ?? '';
  return { status, title: cleanLine(textOf(value['title'] ?? value['summary']) ?? '', 200), reason, report, ...optional('usage', usage) };
}

/** The JSON object of a text: the last fenced block that holds one, else the last `{…}`. */
export function findJson(text: string): unknown {
  const blocks = [...text.matchAll(/^[ \t]*```(?:json|JSON)?[ \t]*\r?\n([\s\S]*?)^[ \t]*```/gm)].map(([, inner]) => inner ?? '');
  for (const block of blocks.reverse()) {
    const value = parse(block);
    if (isFields(value)) return value;
  }
  return lastObject(text);
}

/** The object that ends last in the text; what comes after it need not be JSON. */
function lastObject(text: string): unknown {
  let end = text.length;
  for (let ends = 0; ends < 20; ends += 1) {
    end = text.lastIndexOf('}', end - 1);
    if (end < 0) return undefined;
    let start = end;
    for (let starts = 0; starts < 200; starts += 1) {
      start = start === 0 ? -1 : text.lastIndexOf('{', start - 1);
      if (start < 0) break;
      const value = parse(text.slice(start, end + 1));
      if (isFields(value)) return value;
    }
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? cleanText(value.trim(), 8000) : undefined;
}

function risksOf(value: unknown): readonly string[] | undefined {
  const risks = (Array.isArray(value) ? value : [value]).flatMap((risk) => textOf(risk) ?? []);
  return risks.length === 0 ? undefined : risks.slice(0, 20);
}

function numbersOf<K extends string>(value: unknown, keys: readonly K[]): { readonly [P in K]?: number } | undefined {
  if (!isFields(value)) return undefined;
  const found = keys.flatMap((key) => (typeof value[key] === 'number' && Number.isFinite(value[key]) ? [[key, value[key]]] : []));
  return found.length === 0 ? undefined : (Object.fromEntries(found) as { readonly [P in K]?: number });
}

function expectedOf(value: unknown): Report['expected'] {
  const found = numbersOf(value, ['delta', 'confidence']);
  if (found?.confidence === undefined) return found;
  return { ...found, confidence: Math.min(1, Math.max(0, found.confidence)) };
}

function usageOf(value: unknown): Usage | undefined {
  const found = numbersOf(value, ['requests', 'inputTokens', 'outputTokens', 'usd']);
  const isSane = found !== undefined && Object.values(found).every((amount) => amount >= 0);
  return isSane ? found : undefined;
}

function paramsOf(value: unknown): Readonly<Record<string, Scalar>> | undefined {
  if (!isFields(value)) return undefined;
  const isScalar = (one: unknown): one is Scalar =>
    typeof one === 'string' || typeof one === 'boolean' || (typeof one === 'number' && Number.isFinite(one));
  const found = Object.entries(value).filter((entry): entry is [string, Scalar] => isScalar(entry[1]));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
