/**
 * The set of decision rules that new runs get. A run keeps its set to the end, so that its record can be computed again:
 * 1: seeds count up from the config's for every experiment; noise is known exactly; scores are plain means.
 * 2: seeds follow what the baseline shows, the doubt of the noise is part of each figure, and trials that are far off are
 *    measured again and set aside.
 * 3: the intervals of estimates have the tails that the estimates have, and not those of a normal distribution.
 * 4: what intervals make of the noise follows from its repeats alone, and not from the effect that is judged.
 */
export const RULES = 4;
