import type { Ask, Call, Json, Tool, Turn } from './types.ts';

export function toolOf(name: string, schema: Json, isText = false): Tool {
  return { name, fields: schema?.properties ?? {}, required: schema?.required ?? [], isText };
}

/** The text of a tool's answer, in whichever wrapping. */
export function partsText(content: Json): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(({ text }) => text ?? '').join('\n');
  return JSON.stringify(content ?? '');
}

const NAMES: Record<'read' | 'edit' | 'shell' | 'skill' | 'report', RegExp> = {
  read: /^(read|read_file)$/i,
  edit: /^(edit|replace|apply_patch)$/i,
  shell: /^(bash|shell|shell_command|exec_command|local_shell|run_shell_command)$/i,
  skill: /^skill$/i,
  report: /^(StructuredOutput|json)$/,
};

/** Finds the tool for a turn among those the client offers; null when it offers none. */
export function callFor(turn: Turn, { tools }: Ask): Call | null {
  if (turn.do === 'say') return null;
  if (turn.do === 'history') {
    const tool = tools.find(({ name }) => name.includes('autoresearch') && name.endsWith(turn.tool));
    if (tool !== undefined) return { tool, input: turn.input };
    const search = tools.find(({ name }) => name === 'tool_search');
    return search === undefined ? null : { tool: search, input: { query: `autoresearch ${turn.tool}` } };
  }
  const find = (kind: keyof typeof NAMES) => tools.find(({ name }) => NAMES[kind].test(name));
  const own = find(turn.do);
  if (own?.isText && turn.do === 'edit') return { tool: own, input: patchOf(turn) };
  if (own) return { tool: own, input: turn.do === 'report' ? (turn.report as Record<string, unknown>) : fill(own, turn) };
  // A client that has only a shell reads and edits through it.
  const shell = find('shell');
  const command = commandFor(turn);
  return shell && command ? { tool: shell, input: fill(shell, { do: 'shell', command }) } : null;
}

function commandFor(turn: Turn): string | null {
  if (turn.do === 'read') return `cat ${turn.path}`;
  return turn.do === 'edit' ? `sed -i 's/^${turn.from}$/${turn.to}/' ${turn.path}` : null;
}

const patchOf = ({ path, from, to }: Extract<Turn, { do: 'edit' }>) =>
  `*** Begin Patch\n*** Update File: ${path}\n@@\n-${from}\n+${to}\n*** End Patch`;

/** The arguments of a tool by what its fields are called. */
function fill(tool: Tool, turn: Turn): Record<string, unknown> {
  const facts: Record<string, unknown> = { ...turn };
  const words: Array<[RegExp, string]> = [
    [/^(file_?path|path|absolute_path)$/i, 'path'],
    [/^old_?(string|text)$/i, 'from'],
    [/^new_?(string|text)$/i, 'to'],
    [/^(command|cmd)$/i, 'command'],
    [/^skill$/, 'skill'],
  ];
  const entries = Object.entries(tool.fields).flatMap(([name, { type, items }]): Array<[string, unknown]> => {
    const known = words.find(([pattern]) => pattern.test(name))?.[1];
    if (known !== undefined && facts[known] !== undefined) {
      const value = facts[known];
      return [[name, type === 'array' ? ['sh', '-c', value] : value]];
    }
    if (name === 'edits') return [[name, [fill(toolOf('', items), turn)]]];
    return tool.required.includes(name) && type === 'string' ? [[name, 'as asked']] : [];
  });
  return Object.fromEntries(entries);
}
