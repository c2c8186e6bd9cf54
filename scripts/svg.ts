/** The few shapes our pictures are made of. Coordinates are pixels, from the top left. */

type Point = readonly [x: number, y: number];

const STYLE =
  'text { font: 13px system-ui, sans-serif; fill: #24292f } .t { font-weight: 600; font-size: 15px } .b { font-weight: 600 } .s { font-size: 12px; fill: #57606a } .w { fill: #ffffff; font-weight: 600 }';

/** A whole picture with its title; a white page, so that it can be read on dark ones too. */
export function picture(title: string, width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<style>${STYLE}</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>
<rect width="${width}" height="${height}" rx="6" fill="#ffffff"/>
${text(20, 28, title, 'start', 't')}
${parts.join('\n')}
</svg>
`;
}

export function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'start', style = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${style === '' ? '' : ` class="${style}"`}>${escape(words)}</text>`;
}

export function box(x: number, y: number, width: number, height: number, title: string, lines: readonly string[]): string {
  const middle = x + width / 2;
  const words = [
    ...(title === '' ? [] : [text(middle, y + 20, title, 'middle', 'b')]),
    ...lines.map((each, index) => text(middle, y + 38 + index * 17, each, 'middle', 's')),
  ];
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="6" fill="#f3f5f8" stroke="#9aa4b2"/>${words.join('')}`;
}

export function line([x1, y1]: Point, [x2, y2]: Point, isDashed = false): string {
  const dashes = isDashed ? ' stroke-dasharray="3 3"' : '';
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#57606a"${dashes}/>`;
}

/** An arrow, with words beside its middle: on the right, or with side -1 on the left. */
export function arrow([x1, y1]: Point, [x2, y2]: Point, words = '', side: 1 | -1 = 1): string {
  const label = words === '' ? '' : text((x1 + x2) / 2 + side * 7, (y1 + y2) / 2 + 4, words, side === 1 ? 'start' : 'end', 's');
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#57606a" marker-end="url(#tip)"/>${label}`;
}

export function circle(x: number, y: number, radius: number, colour: string, opacity = 1): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${colour}" fill-opacity="${opacity}"/>`;
}

const round = (value: number) => Number(value.toFixed(1));

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
