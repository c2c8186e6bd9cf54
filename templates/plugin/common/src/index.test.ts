import { testPlugin } from 'autoresearch/testing';
import cases from './index.cases.ts';
import plugin from './index.ts';

testPlugin(plugin, cases);
