// The service: reads the parts, answers requests on the port in PORT.
import { createServer } from 'node:http';
import { Cache } from './cache.mjs';
import { createRoutes } from './routes.mjs';
import { CACHE_ENTRIES, CACHE_RENEWS } from './settings.mjs';
import { loadStore } from './store.mjs';

const store = loadStore(new URL('data/parts.jsonl', import.meta.url));
const routes = createRoutes(store);
const cache = new Cache(CACHE_ENTRIES, CACHE_RENEWS);

const server = createServer(async (request, response) => {
  try {
    const body = request.method === 'POST' ? await read(request) : '';
    const key = `${request.method} ${request.url} ${body}`;
    let answer = cache.get(key);
    if (answer === undefined) {
      answer = await respond(request, body);
      cache.set(key, answer);
    }
    send(response, answer);
  } catch (error) {
    send(response, { status: 500, text: JSON.stringify({ error: String(error) }) });
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1');

async function respond({ method, url }, body) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [, name, id] = pathname.split('/');
  const route = routes[`${method} ${name}`];
  const found = await route?.({ id, query: searchParams, body: body === '' ? null : JSON.parse(body) });
  if (found === undefined) return { status: 404, text: JSON.stringify({ error: 'not found' }) };
  return { status: 200, text: typeof found === 'string' ? found : JSON.stringify(found) };
}

function send(response, { status, text }) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}

async function read(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
