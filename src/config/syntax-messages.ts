interface Words {
  readonly message: string;
  readonly hint?: string;
}

/** Frequent syntax errors: the YAML parser's message and ours. */
const SLIPS: readonly (readonly [RegExp, (match: RegExpExecArray) => Words])[] = [
  [
    /flow (sequence|map)\b.*end with (?:a )?([\]}])/i,
    ([, kind, end]) => ({ message: `a ${kind === 'map' ? 'map' : 'list'} before this is not closed`, hint: `Close it with ${end}` }),
  ],
  [/closing (['"])quote/, ([, quote]) => ({ message: `a text before this has no closing ${quote}`, hint: 'Close it on its own line.' })],
  [
    /Nested mappings are not allowed/,
    () => ({
      message: 'a second "key: value" on the same line',
      hint: 'Quote a text that has a colon and a space in it. If the lines below are what is meant, they must not be indented further than this one.',
    }),
  ],
  [/Implicit (?:map )?keys need to be/, () => ({ message: 'this is no "key: value"', hint: 'Write a colon and a space after a key.' })],
  [
    /Block collections are not allowed within flow/,
    () => ({ message: 'a comma or a bracket is missing before this', hint: 'Between { } and [ ], put a comma after each value.' }),
  ],
  [
    /block sequence may not be used as an implicit map key/i,
    () => ({
      message: 'this line does not fit to the one above it',
      hint: 'Begin each item of a list with "- ", all at the same indentation.',
    }),
  ],
  [/Plain value cannot start with (.*)/, ([, start]) => ({ message: `a text cannot start with ${start}`, hint: 'Put it in quotes.' })],
  [
    /Invalid escape sequence (.*)/,
    ([, escape]) => ({ message: `${escape} means nothing in double quotes`, hint: 'In single quotes a backslash is a backslash.' }),
  ],
  [/Tabs are not allowed/, () => ({ message: 'a tab at the start of a line', hint: 'Indent with spaces.' })],
  [/multiple documents/, () => ({ message: 'a second document starts here', hint: 'Remove the line with ---.' })],
  [/all keys must be strings/, () => ({ message: 'a key must be a string' })],
];

/** A syntax error in words that a config's author understands. */
export function syntaxWords(message: string): Words {
  for (const [pattern, words] of SLIPS) {
    const match = pattern.exec(message);
    if (match !== null) return words(match);
  }
  return { message: message.charAt(0).toLowerCase() + message.slice(1) };
}
