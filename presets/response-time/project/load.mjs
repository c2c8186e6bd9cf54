// PROTECTED: the load. autocannon sends every request of a plan once, over a few connections, as fast as answers come.
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const TIMEOUT_SECONDS = 10;
export const INSTALL = 'npm install --save-dev autocannon';

/** What came of each request of the plan, in its order: { status, text, ms }; null where no answer came. */
export async function sendAll(port, plan, connections) {
  const autocannon = findAutocannon();
  if (autocannon === null) throw new Error(`autocannon is not installed; in the project: ${INSTALL}`);
  const results = plan.map(() => null);
  // Each connection has its own share of the plan, so that every request is sent once, whoever is quicker.
  const shares = Array.from({ length: connections }, (_, at) =>
    plan.map((request, index) => ({ request, index })).filter(({ index }) => index % connections === at),
  );
  let next = 0;
  const setupClient = (client) => {
    const share = shares[next++];
    let answered = null;
    client.setRequests(
      share.map(({ request: { method, path, body }, index }) => ({
        method,
        path,
        ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
        onResponse: (status, text) => (answered = { index, status, text }),
      })),
    );
    // Comes right after onResponse of the same answer, with the time it took.
    client.on('response', (_status, _bytes, ms) => {
      if (answered) results[answered.index] = { status: answered.status, text: answered.text, ms };
      answered = null;
    });
  };
  await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    amount: plan.length,
    timeout: TIMEOUT_SECONDS,
    sampleInt: 20,
    setupClient,
  });
  return results;
}

/** Of the project, where it has it; else of the package that autoresearch lies beside. Null where neither has it. */
export function findAutocannon() {
  const places = [
    import.meta.filename,
    ...(process.env.AUTORESEARCH_PACKAGE ? [join(process.env.AUTORESEARCH_PACKAGE, 'package.json')] : []),
  ];
  for (const place of places) {
    try {
      return createRequire(place)('autocannon');
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return null;
}
