// PROTECTED: hands the orders that the evaluator sends to the matcher.
import { serve } from './evaluation/serve.mjs';
import { matchOrders } from './matcher/match.mjs';

await serve(async (input) => matchOrders(input));
