/**
 * What a page sends that looks for news by itself: nobody is there for that alone, so the request does not
 * count as a use of the session. Whoever sends it by hand only shortens a session of their own.
 */
export const PASSIVE_HEADER = "gatehouse-passive";
