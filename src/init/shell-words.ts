/** A command as a person types it: its words, or one line for a shell where it needs one. */
export function commandOf(text: string): { readonly run: readonly string[]; readonly shell: boolean } {
  if (/[|&;<>$`*?(){}]/.test(text.replace(/'[^']*'|"[^"$`]*"/g, ''))) return { run: [text.trim()], shell: true };
  const words = text.match(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g) ?? [];
  return { run: words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2')), shell: false };
}
