/** Shorter pieces of a form are too likely to be something else. */
const SHORTEST = 8;

/** A key as it is, and as the tools that are on every machine write it: base64, hex, backwards, in a URL, in JSON. */
export function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const percent = hex.replaceAll(/../g, '%$&');
  const forms = [
    value,
    Array.from(value).toReversed().join(''),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    percent,
    percent.toUpperCase(),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset)),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}

/** The characters that a text stands for in base64, where so many bytes before it, of three, belong to the same group. */
function base64At(bytes: Buffer, offset: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  // Characters that also depend on the bytes before or after it are left out.
  const sure = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
}
