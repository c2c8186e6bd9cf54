/** How languages like C give values: with `=`, or `name: 1` between braces. */
import { endsWith, type Form } from './forms.ts';
import { endsAtLine } from './javascript.ts';

export const IDENTIFIER = String.raw`[A-Za-z_]\w*(?:(?:\.|->|::)[A-Za-z_]\w*)*`;
export const BEFORE = String.raw`(?<![\w$.]|->|::)`;
export const EQUALS = String.raw`=(?![=>])\s*`;

export const atSign = endsWith(/\s*[;,)}\]]/);
export const atLine: Form['ends'] = (masked, end) => endsAtLine(masked.slice(end, end + 400));

/** `NAME = 1`, `NAME: type = 1`; as an argument only where there is no other. */
export const assigned = (ends: Form['ends'], before = BEFORE): Form[] => [
  { lead: String.raw`${before}NAME\s*(?::[^=;,(){}\n]+)?${EQUALS}`, outside: '(', ends },
  { lead: String.raw`${before}NAME\s*(?::[^=;,(){}\n]+)?${EQUALS}`, inside: '(', ends, fallback: true },
];
/** `name: 1` in an object, a struct or a call. */
export const field = (ends: Form['ends'], inside = '{(['): Form => ({
  lead: BEFORE,
  key: { after: '{,([', between: String.raw`\s*:(?![:=])\s*` },
  inside,
  ends,
  fallback: true,
});
