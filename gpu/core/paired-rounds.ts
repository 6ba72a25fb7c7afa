// Are two interleaved series of times different? Decided from the ratios within each round: what the machine does beside (other
// programs, heat) falls on both samples of a round alike, and widens the interval of each series without saying anything about the
// two.

/** Most often that two copies of one kernel may be called different. */
const LEVEL = 0.01;
/** With fewer rounds no outcome is rare enough for LEVEL. */
const FEWEST_ROUNDS = 8;

/**
 * Wilcoxon's signed-rank test, two-sided and exact (Wilcoxon 1945): how likely ranks this one-sided are when neither sign is favoured.
 * Zeros are left out; times are not expected to tie otherwise. 1 for nothing to rank.
 */
export function signedRankProbability(differences: readonly number[]): number {
  const ranked = differences.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const n = ranked.length;
  if (n === 0) return 1;
  let below = 0;
  ranked.forEach((difference, index) => {
    if (difference < 0) below += index + 1;
  });
  const all = (n * (n + 1)) / 2;
  const least = Math.min(below, all - below);
  // ways[s]: subsets of the ranks 1 … n with sum s.
  const ways = new Array<number>(all + 1).fill(0);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = all; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!;
  }
  const tail = ways.slice(0, least + 1).reduce((total, count) => total + count, 0);
  return Math.min(1, (2 * tail) / 2 ** n);
}

/** True or false where the rounds allow a statement; null where they are too few, or not paired. */
export function roundsDiffer(first: readonly number[], second: readonly number[]): boolean | null {
  if (first.length !== second.length || first.length < FEWEST_ROUNDS) return null;
  const ratios = first.map((time, round) => Math.log(Math.max(time, 1e-9) / Math.max(second[round]!, 1e-9)));
  return signedRankProbability(ratios) <= LEVEL;
}
