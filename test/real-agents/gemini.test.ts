import { testNights } from './nights.ts';

testNights('gemini');
