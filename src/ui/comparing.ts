/** The routes of comparisons: with another run, and between two experiments. */
import type { Hono } from 'hono';
import type { Comparisons } from './feed.ts';

export function addComparing(app: Hono, comparisons: Comparisons): void {
  app.get('/api/runs', async (c) => c.json(await comparisons.names()));
  app.get('/api/runs/:run', async (c) => c.json(await comparisons.withRun(c.req.param('run'))));
  app.get('/api/runs/:run/experiments/:id{[0-9]{1,9}}', async (c) =>
    c.json(await comparisons.detail(c.req.param('run'), Number(c.req.param('id')))),
  );
  app.get('/api/between/:id{[0-9]{1,9}}/:other{[0-9]{1,9}}', async (c) => {
    const { id, other } = c.req.param();
    return c.json(await comparisons.between(Number(id), c.req.query('run') ?? null, Number(other)));
  });
}
