// PROTECTED: hands the texts that the evaluator sends to the router, and the models' answers back.
import { serve } from './evaluation/serve.mjs';
import { route } from './router/route.mjs';

await serve((text, ask) =>
  route(text, {
    /** { queue, sure } */
    small: () => ask('small'),
    /** { queue } */
    large: () => ask('large'),
  }),
);
