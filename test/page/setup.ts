import { buildPage, isPageBuilt } from '../../scripts/build-page.ts';

/** Reports need the built page: a second's work, and only where one of the files it is made of has changed. */
export default async function setup(): Promise<void> {
  if (!isPageBuilt()) await buildPage();
}
