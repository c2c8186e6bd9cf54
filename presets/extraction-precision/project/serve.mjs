// PROTECTED: hands the texts that the evaluator sends to the extractor, and the paid steps back.
import { serve } from './evaluation/serve.mjs';
import { extract } from './extractor/extract.mjs';

await serve(async (text, ask) => ({
  ...(await extract(text, {
    /** The text as the slow scanner reads it. */
    rescan: () => ask({ rescan: true }),
    /** The paid model's answer for a field, or null. */
    answer: (field) => ask({ field }),
  })),
}));
