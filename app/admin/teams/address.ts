export const LIST_PATH = "/admin/teams";

export const teamPath = (id: string): string => `${LIST_PATH}/${encodeURIComponent(id)}`;

/** The page of the members that begins at a cursor; the first one without. */
export const membersHref = (id: string, cursor: string): string =>
  `${teamPath(id)}?${new URLSearchParams({ cursor })}`;
