// Words where there is little room, and at the head of a line.

/** 'multihea…': at most so many letters. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** 'Rank' of 'rank'. */
export function capitalised(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
