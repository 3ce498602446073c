export const INBOX_PATH = "/admin/requests";

/** Where the page shows one that is in force. */
export const requestAnchor = (id: string): string => `request-${id}`;

export const requestHref = (id: string): string => `${INBOX_PATH}#${requestAnchor(id)}`;
