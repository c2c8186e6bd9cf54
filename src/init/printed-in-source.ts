/** Figures that a program would print, read off its source, for where it is not run. */
import { lineOf, type Printed } from './printed.ts';

/** `"name: {value}"`, `"name: %f"`, `"name:", value`, and the like, in the strings of any language. */
const IN_STRING =
  /(?:["'`]|\\n|[ ,;|])([A-Za-z][\w .%/@-]{0,40}?)(\s*[:=]\s*)(?:\$?\{|%[-+\d.]*[a-z]|\{\}|["'`]\s*(?:,|<<|\+|\.)|\$\(|\$\w)/g;
const OUTPUT = /print|console\.|log|echo|puts|cout|write|format!|cat\(|display|say/i;

export function printedIn(text: string): Printed[] {
  const found = text.split('\n').flatMap((line) => {
    if (!OUTPUT.test(line)) return [];
    return [...line.matchAll(IN_STRING)].map(
      ([, name = '', between = '']) =>
        name.trim() && { name: name.trim(), pattern: lineOf(name.trim(), between), times: null, value: null },
    );
  });
  const figures = found.filter((figure) => figure !== '');
  return [...new Map(figures.map((figure) => [figure.name, figure])).values()];
}
