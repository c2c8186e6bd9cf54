import { mask, type Syntax } from './mask.ts';

/** The bracket that is open around an offset: which one, and where; '' and -1 outside all brackets. */
export interface Around {
  readonly bracket: string;
  readonly at: number;
}

/** A text that knows which parts of it are code. All three texts have the same length. */
export class Code {
  readonly text: string;
  /** Without comments and the insides of strings. */
  readonly masked: string;
  /** Without comments. */
  readonly uncommented: string;
  #opens: Int32Array | null = null;

  constructor(text: string, syntax: Syntax) {
    this.text = text;
    this.masked = mask(text, syntax);
    this.uncommented = mask(text, syntax, false);
  }

  around(offset: number): Around {
    this.#opens ??= bracketsOf(this.masked);
    const at = this.#opens[offset] ?? -1;
    return { bracket: at < 0 ? '' : this.masked.charAt(at), at };
  }

  /** Whether what stands at an offset is neither comment nor the inside of a string. */
  isCode(offset: number): boolean {
    return this.masked.charAt(offset) === this.text.charAt(offset);
  }

  /** The code of a line up to an offset. */
  lineBefore(offset: number): string {
    return this.masked.slice(this.masked.lastIndexOf('\n', offset - 1) + 1, offset);
  }
}

/** For each offset where the bracket around it opened; -1 for none. */
function bracketsOf(masked: string): Int32Array {
  const opens = new Int32Array(masked.length + 1);
  const stack: number[] = [];
  for (let at = 0; at <= masked.length; at += 1) {
    opens[at] = stack.at(-1) ?? -1;
    const char = masked.charAt(at);
    if (char === '(' || char === '[' || char === '{') stack.push(at);
    else if (char === ')' || char === ']' || char === '}') stack.pop();
  }
  return opens;
}
