import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { pagesOf } from '../pages.ts';

const source = join(import.meta.dirname, '../.src');
const { version, description } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as Record<
  string,
  string
>;
const pages = pagesOf(source);
const linksTo = (test: (path: string) => boolean) =>
  pages.filter(({ path }) => test(path)).map(({ title, path }) => ({ text: title, link: `/${path.replace(/\.md$/, '')}` }));

export default defineConfig({
  title: 'autoresearch',
  description,
  srcDir: '.src',
  cleanUrls: false,
  lastUpdated: false,
  // Addresses of servers on the reader's own machine.
  ignoreDeadLinks: 'localhostLinks',
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/docs/tutorial' },
      { text: 'Cookbook', link: '/docs/cookbook' },
      { text: 'Reference', link: '/docs/reference' },
      {
        text: version,
        items: [
          { text: 'Changelog', link: '/CHANGELOG' },
          { text: 'For language models', link: '/llms.txt', target: '_blank' },
        ],
      },
    ],
    sidebar: [
      { text: 'autoresearch', link: '/' },
      { text: 'Documentation', items: linksTo((path) => !path.includes('/presets/')) },
      { text: 'Presets', items: linksTo((path) => path.includes('/presets/')) },
      {
        text: 'For contributors',
        items: [
          { text: 'Architecture', link: '/ARCHITECTURE' },
          { text: 'Contributing', link: '/CONTRIBUTING' },
        ],
      },
    ],
    // In the browser: nothing that readers type leaves the site.
    search: { provider: 'local' },
    outline: [2, 3],
  },
  markdown: { lineNumbers: false },
  // Texts of ours hold {{ }} and tags such as <name> in prose only inside code.
  vue: { template: { compilerOptions: { whitespace: 'preserve' } } },
});
