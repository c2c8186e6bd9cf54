/** Placeholders for values that are known only when the agent starts. */
export type Values = Readonly<Record<'url' | 'token' | 'model' | 'home' | 'cwd', string | undefined>>;

/** A text with its placeholders filled in; null if a value is missing. */
export function fill(text: string, values: Values): string | null {
  let isWhole = true;
  const filled = text.replaceAll(/\{(url|token|model|home|cwd)\}/g, (_, name: keyof Values) => {
    const value = values[name];
    isWhole &&= value !== undefined;
    return value ?? '';
  });
  return isWhole ? filled : null;
}

/** The same for a record; what cannot be filled in is left out. */
export function fillAll(texts: Readonly<Record<string, string>>, values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => {
      const filled = fill(text, values);
      return filled === null ? [] : [[name, filled]];
    }),
  );
}
