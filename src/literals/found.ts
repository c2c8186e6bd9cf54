import type { Language } from './forms.ts';
import type { Site } from './site.ts';

/** The place, and how values are written there. */
export type Found = { readonly site: Site; readonly language: Pick<Language, 'name' | 'notation'> } | { readonly problem: string };
