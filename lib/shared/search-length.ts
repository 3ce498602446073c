/** Less than this has no trigram, and would be looked for in everything (docs/decisions/0016). */
export const SEARCH_LENGTH_MIN = 3;
