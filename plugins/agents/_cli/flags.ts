type Value = string | number | boolean | undefined | readonly string[];

/** Arguments by name; what is undefined, false or an empty list is left out. */
export function flags(values: Readonly<Record<string, Value>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (value === true) return [name];
    if (typeof value === 'string' || typeof value === 'number') return [name, String(value)];
    return value.length === 0 ? [] : [name, ...value];
  });
}
