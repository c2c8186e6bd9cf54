/**
 * Builds the documentation as a site, from the pages of the repository as they are: the README is its front page.
 * `node build.ts [--dev] [--base /0.1/] [--out DIR]`. A release has a base of its own, so that older ones stay readable.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, createServer } from 'vitepress';
import { llmsText } from './llms.ts';
import { pagesOf } from './pages.ts';

const site = import.meta.dirname;
const root = join(site, '..');
const source = join(site, '.src');

const { values } = parseArgs({
  options: { dev: { type: 'boolean' }, base: { type: 'string', default: '/' }, out: { type: 'string', default: join(site, 'dist') } },
});

rmSync(source, { recursive: true, force: true });
for (const page of globSync(['*.md', 'docs/**/*.md', 'examples/*/README.md', 'presets/*/README.md'], { cwd: root })) {
  const target = join(source, page.replace(/README\.md$/, 'index.md'));
  mkdirSync(dirname(target), { recursive: true });
  // On the site a folder's page is its index.
  writeFileSync(
    target,
    readFileSync(join(root, page), 'utf8')
      .replaceAll(/(\]\([^)]*)README\.md/g, '$1index.md')
      .replaceAll('](examples)', '](docs/plugins.md)'),
  );
}
cpSync(join(root, 'docs/images'), join(source, 'docs/images'), { recursive: true });
cpSync(join(root, 'schemas'), join(source, 'public/schemas'), { recursive: true });

const pages = pagesOf(source);
writeFileSync(join(source, 'public/llms.txt'), llmsText(source, pages, { isWhole: false }));
writeFileSync(join(source, 'public/llms-full.txt'), llmsText(source, pages, { isWhole: true }));

if (values.dev) {
  const server = await createServer(site, { host: '127.0.0.1' });
  await server.listen();
  server.printUrls();
} else {
  await build(site, { base: values.base, outDir: values.out });
}
