// The settings of the service, with the values it has grown up with.

/** How many answers are remembered; 0 for none. They take memory. */
export const CACHE_ENTRIES = 0;
/** What happens to an answer that was asked for again: does it stay longer? */
export const CACHE_RENEWS = false;
/** How words are found: by going through all parts, or in a list made at the start. */
export const SEARCH_BY = 'scan';
/** How related parts are found: by going through all parts, or those with a tag in common. */
export const RELATED_BY = 'scan';
/** How parts are found by their id. */
export const FIND_BY = 'scan';
/** How the best of many are picked: sort all of them, or keep the best while going through. */
export const PICK_BY = 'sort';
/** A long search lets others have their turn after so many milliseconds; 0 for never. */
export const YIELD_AFTER_MS = 0;
/** How often a long search looks at the clock, in parts. */
export const YIELD_CHECK = 256;
/** Are parts turned into JSON at the start, once? */
export const KEEP_JSON = false;
