/** Values as YAML on one line, the way a person would write them. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return `{ ${entries.map(([key, each]) => `${flow(key)}: ${flow(each)}`).join(', ')} }`;
  }
  return typeof value === 'string' ? scalar(value) : String(value);
}

function scalar(text: string): string {
  const isPlain =
    /^([A-Za-z_./][\w./+-]*|\d+[smhd]|--?[A-Za-z][\w-]*)$/.test(text) &&
    !/^(true|false|null|yes|no|on|off|y|n|~|\.nan|[-+]?\.inf|\.\d[\d.]*)$/i.test(text);
  if (isPlain) return text;
  return /[\n\t]/.test(text) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}
