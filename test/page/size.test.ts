import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

it('the script of the page is small enough to be in every report', () => {
  const script = readFileSync(join(import.meta.dirname, '../../dist/page/page.js'));
  expect(gzipSync(script).length).toBeLessThan(60_000);
  // Its parts are bundled: nothing is fetched beside it.
  expect(String(script)).not.toMatch(/\bimport\s*\(|\bfrom\s*["'][^"']+["'];/);
});
