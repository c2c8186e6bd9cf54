/** The place of a value inside a config: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;
const STEP = /\.?([A-Za-z_$][\w$-]*)|\.(\d+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Writes a path as people do: `gates[0].with.minDelta`; other keys are quoted: `metrics["a b"]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!PLAIN_KEY.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** Reads what `formatPath` writes, and `gates.0.with` too; null when it is not a path. */
export function parsePath(text: string): Path | null {
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const start = STEP.lastIndex;
    const match = STEP.exec(text);
    if (match === null) return null;
    const [whole, key, dotted, index, quoted] = match;
    // Only the first step may stand without a dot, and it must: `a.b`, never `.a` or `[0]b`.
    if (key !== undefined && whole.startsWith('.') === (start === 0)) return null;
    if (dotted !== undefined && start === 0) return null;
    path.push(key ?? (quoted === undefined ? Number(dotted ?? index) : unquote(quoted)));
  }
  return path.length === 0 || path.includes(NaN) ? null : path;
}

/** The keys of a JSON pointer, such as ajv's `instancePath`; indexes stay strings. */
export function fromPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unquote(quoted: string): string | number {
  try {
    const key: unknown = JSON.parse(quoted);
    return typeof key === 'string' ? key : NaN;
  } catch {
    return NaN;
  }
}
