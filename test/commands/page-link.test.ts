import { encodeQR } from 'qr';
import decodeQR from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { linkText } from '../../src/commands/page-link.ts';

const URL = 'http://192.168.1.5:43211/?token=36fLkmfReWU1Iu6GeuvkHlh5gIK2qgA6';
const large = { isTTY: true, columns: 80, rows: 24 };
const PIXELS = 4;

/** The picture that a phone sees: two modules in each character, one above the other. */
function readCode(lines: readonly string[]): string {
  // Block characters stand for the light modules.
  const modules = lines.flatMap((line) => {
    const cells = line.slice(line.indexOf('m') + 1, line.lastIndexOf('m') - 3).split('');
    return ['█▀', '█▄'].map((light) => cells.map((cell) => light.includes(cell)));
  });
  const [width, height] = [(modules[0]?.length ?? 0) * PIXELS, modules.length * PIXELS];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isLight = modules[Math.floor(y / PIXELS)]?.[Math.floor(x / PIXELS)] === true;
      data.fill(isLight ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  return decodeQR({ width, height, data });
}

describe('the link of a page', () => {
  it('has a code at a terminal that a phone reads as the same link', async () => {
    const [first, ...code] = (await linkText(URL, large)).split('\n');
    expect(first).toBe(URL);
    expect(code).toHaveLength(Math.ceil((encodeQR(URL, 'raw', { border: 1 }).length + 1) / 2));
    expect(readCode(code)).toBe(URL);
  });

  it.each([
    ['a pipe', URL, {}],
    ['a terminal that is too narrow', URL, { ...large, columns: 30 }],
    ['a terminal that is too low', URL, { ...large, rows: 20 }],
    ['a link that no phone can open', 'http://127.0.0.1:43211/?token=x', large],
  ])('is the link alone for %s', async (_, url, terminal) => {
    expect(await linkText(url, terminal)).toBe(url);
  });
});
