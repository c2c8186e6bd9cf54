// What the matcher trusts, and how far. First guesses of somebody who knows the desk; each is worth a try.

/** What a matching code adds to the likeness of an article; a text that is the same word for word has 1. */
export const CODE_WEIGHT = 0.8;
/** How much of the likeness comes from whole words; the rest comes from runs of letters, which bear slips. */
export const WORD_SHARE = 0.6;
/** How many letters a run has. */
export const RUN_LENGTH = 3;
/** How much rarer words count for more: 0 not at all, 1 by their information. */
export const RARITY = 0.5;
/** What a word with a digit in it counts, against one without: sizes, strengths, volumes. */
export const NUMBER_WEIGHT = 1.5;
/** What the brand adds where it is named. */
export const BRAND_WEIGHT = 0.05;
/** What a price adds that is within PRICE_TOLERANCE of the article's. */
export const PRICE_WEIGHT = 0.1;
/** What the number in the pack adds where the text has it. */
export const PACK_WEIGHT = 0.05;

/** Below this likeness, the article is not one of ours. */
export const UNKNOWN_BELOW = 0.3;
/** From this likeness on, a line is accepted without a person. */
export const ACCEPT_FROM = 0.5;
/** How far ahead of the next article the best must be. */
export const LEAD = 0.08;
/** The same for controlled goods. */
export const CONTROLLED_ACCEPT_FROM = 0.6;
export const CONTROLLED_LEAD = 0.1;

/** How far off a price may be, as a share. */
export const PRICE_TOLERANCE = 0.05;
/** An order that repeats one of so many days before, and so much of it, was sent twice. */
export const DUPLICATE_DAYS = 7;
export const DUPLICATE_SHARE = 0.7;
/** Does a line without a unit count pieces where the number fills whole packs? */
export const GUESS_PIECES = false;
