export const LIST_PATH = "/admin/policies";

export const policyPath = (id: string): string => `${LIST_PATH}/${encodeURIComponent(id)}`;

/** The page of the list that begins at a cursor; the first one without. */
export const listHref = (cursor?: string): string =>
  cursor === undefined ? LIST_PATH : `${LIST_PATH}?${new URLSearchParams({ cursor })}`;
