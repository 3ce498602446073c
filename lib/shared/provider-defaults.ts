/** Where the providers live unless the configuration names another place. */
export const GOOGLE_ISSUER = "https://accounts.google.com";
export const GITHUB_BASE_URL = "https://github.com";
