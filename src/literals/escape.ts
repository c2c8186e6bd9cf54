/** Escapes a name for use in a regular expression. */
export function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
