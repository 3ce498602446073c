export const DOMAINS_PATH = "/admin/domains";
