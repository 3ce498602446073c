/** Further than this nothing is counted for a page: a list so long is searched, not read. */
export const COUNT_MAX = 10_000;
