/** An agent with nothing to propose: enough for `check`, which asks for no proposal. */
export default {
  kind: 'agent',
  name: 'idle',
  apiVersion: 1,
  description: 'Has nothing to propose.',
  schema: false,
  create: () => ({ propose: async () => ({ status: 'exhausted', reason: 'nothing to propose' }) }),
};
