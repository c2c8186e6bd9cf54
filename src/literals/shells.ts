/** Shells, and the builds that call them. */
import { Code } from './code.ts';
import { asEntries, wordEnd, type Entry } from './entries.ts';
import type { Language } from './forms.ts';
import { lineEnd, type Span, type Syntax } from './mask.ts';
import { notation } from './notation.ts';
import { DOUBLE, HASH, SINGLE_RAW, syntaxOf } from './rules.ts';

const TEXT = notation({ separator: '', bare: true, quotes: '' });
const COMMENT = { open: /(?<=^|[\s;&|()])#/my };
const SHELL: Syntax = {
  ...syntaxOf(COMMENT, { open: /\$'/y, close: "'", escape: 'backslash', string: true, lines: true }, SINGLE_RAW, {
    ...DOUBLE,
    lines: true,
  }),
  special: (text, at) => (text.startsWith('<<', at) ? hereDocument(text, at) : null),
};

/** Where a word of the shell ends. */
const STOP = /[\s;&|()<>]/;

export const SHELLS: readonly Language[] = [
  {
    name: 'shell',
    extensions: ['.sh', '.bash', '.zsh', '.ksh', '.dash', '.sbatch', '.slurm', '.pbs'],
    files: /^(?:\.envrc|\.bashrc|\.profile)$/,
    syntax: SHELL,
    notation: TEXT,
    open: asEntries((text, { syntax = SHELL }) => {
      const code = new Code(text, syntax);
      return [...assignments(code), ...defaults(code), ...flags(code)];
    }),
  },
  {
    name: 'Makefile',
    extensions: ['.mk', '.mak', '.make'],
    files: /^(?:gnu)?makefile(?:\..+)?$|^justfile$/,
    syntax: syntaxOf({ open: /(?<!\\)#/y }),
    notation: TEXT,
    open: asEntries((text, { syntax = SHELL }) => {
      const code = new Code(text, syntax);
      const lead =
        /^(?!\t) *(?:(?:export|override)[ \t]+)*(?:[^\s:=#][^:=#\n]*:[ \t]*)?([A-Za-z_][\w.-]*)[ \t]*(?:[:?]|::|:::)?=(?!=)[ \t]*/gm;
      const variables = [...code.masked.matchAll(lead)].map((match): Entry => {
        const start = match.index + match[0].length;
        return { name: match[1] ?? '', start, end: lineEnd(code.masked, start) - trailing(code.masked, start) };
      });
      return [...variables, ...flags(code)];
    }),
  },
  {
    name: 'Dockerfile',
    extensions: ['.dockerfile', '.containerfile'],
    files: /^(?:docker|container)file(?:\..+)?$/,
    syntax: syntaxOf({ open: /(?<=^[ \t]*)#/my }),
    notation: TEXT,
    open: asEntries((text, { syntax = SHELL }) => {
      const code = new Code(text, syntax);
      return [...code.masked.matchAll(/^[ \t]*(?:ENV|ARG)[ \t]+((?:\\\r?\n|[^\n])*)/gim)].flatMap(instruction).concat(flags(code));

      function instruction(match: RegExpExecArray): Entry[] {
        const [whole, body = ''] = match;
        const from = match.index + whole.length - body.length;
        const pairs = [...body.matchAll(/(?<=^|[\s])([A-Za-z_]\w*)=/g)];
        const old = /^([A-Za-z_]\w*)[ \t]+/.exec(body);
        if (old !== null) return [{ name: old[1] ?? '', start: from + old[0].length, end: from + body.trimEnd().length }];
        return pairs.map(({ index, 0: lead, 1: name = '' }) => {
          const start = from + index + lead.length;
          return { name, start, end: wordEnd(text, start, /\s/) };
        });
      }
    }),
  },
  {
    name: 'CMake',
    extensions: ['.cmake'],
    files: /^cmakelists\.txt$/,
    syntax: syntaxOf({ open: /#\[=*\[/y, close: (opened) => opened.slice(1).replaceAll('[', ']'), lines: true }, HASH, DOUBLE),
    notation: notation({
      separator: '',
      bare: true,
      quotes: '',
      words: [
        ['ON', 'OFF'],
        ['TRUE', 'FALSE'],
        ['YES', 'NO'],
      ],
    }),
    open: asEntries((text, { syntax = SHELL }) => {
      const { masked, uncommented } = new Code(text, syntax);
      const lead = /\b(?:set|SET)\s*\(\s*([A-Za-z_][\w.-]*)\s+|\b(?:option|OPTION)\s*\(\s*([A-Za-z_]\w*)\s+"[^"]*"\s+/g;
      return [...masked.matchAll(lead)].map((match): Entry => {
        const start = match.index + match[0].length;
        const end = wordEnd(uncommented, start, /[\s)]/);
        // More than one word is a list.
        const isList = !/^\s*(?:\)|(?:CACHE|PARENT_SCOPE)\b)/.test(masked.slice(end));
        return { name: match[1] ?? match[2] ?? '', start, end: isList ? start : end };
      });
    }),
  },
];

/** `NAME=1`, `export NAME="1"`, `NAME=${NAME:-1}`. */
function assignments(code: Code): Entry[] {
  return [...code.masked.matchAll(/(?<![\w$.{}%:/=-])([A-Za-z_]\w*)=(?!=)/g)].map(({ index, 0: lead, 1: name = '' }) => {
    const start = index + lead.length;
    const end = wordEnd(code.text, start, STOP);
    const [, before, value] = /^(["']?\$\{\w+:?[-=])(.*)\}["']?$/s.exec(code.text.slice(start, end)) ?? [];
    if (before === undefined || value === undefined) return { name, start, end };
    return { name, start: start + before.length, end: start + before.length + value.length };
  });
}

/** `"${NAME:=1}"` and `${NAME:-1}` where they are used. */
function defaults({ uncommented }: Code): Entry[] {
  return [...uncommented.matchAll(/\$\{([A-Za-z_]\w*):?[-=]([^{}$`\n]*)\}/g)].map(({ index, 0: whole, 1: name = '', 2: value = '' }) => {
    const end = index + whole.length - 1;
    return { name, start: end - value.length, end, fallback: true };
  });
}

/** `--name 1` and `--name=1` of a command line. */
function flags({ masked, text }: Code): Entry[] {
  return [...masked.matchAll(/(?<=[ \t])(--?[A-Za-z][\w-]*)(?:=|[ \t]+(?:\\\r?\n[ \t]*)?)(?=[^\s\\-]|-[.\d])/g)].map(
    ({ index, 0: lead, 1: name = '' }) => {
      const start = index + lead.length;
      return { name, start, end: wordEnd(text, start, STOP) };
    },
  );
}

function hereDocument(text: string, at: number): Span | null {
  const opening = /(?<!<)<<(-?)[ \t]*(["']?)([A-Za-z_]\w*)\2[^\n]*\n/y;
  opening.lastIndex = at;
  const [whole, dash, , word] = opening.exec(text) ?? [];
  if (whole === undefined) return null;
  const closing = new RegExp(`^${dash === '-' ? '\\t*' : ''}${word}$`, 'gm');
  closing.lastIndex = at + whole.length;
  const end = closing.exec(text);
  return { end: end === null ? text.length : end.index + end[0].length, quote: 0 };
}

function trailing(text: string, start: number): number {
  const line = text.slice(start, lineEnd(text, start));
  return line.length - line.trimEnd().length;
}
