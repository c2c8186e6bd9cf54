/** Starts the page in a browser: on the data in the file, or on those of the server. */
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/bar.css';
import './styles/chart.css';
import './styles/list.css';
import './styles/detail.css';
import './styles/compare.css';
import './styles/tabs.css';
import './styles/narrow.css';
import './styles/paper.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { fileSource } from './data/file-source.ts';
import { serverSource } from './data/server-source.ts';
import { Store } from './data/store.ts';

async function start(): Promise<void> {
  const place = document.querySelector('#app');
  if (place === null) return;
  document.documentElement.classList.add('live');
  try {
    const source = fileSource((id) => document.querySelector(`script#${id}`)?.textContent ?? null) ?? (await serverSource());
    render(<App store={new Store(source)} />, place);
  } catch (error) {
    place.textContent = `The page could not be shown: ${error instanceof Error ? error.message : String(error)}`;
  }
}

void start();
