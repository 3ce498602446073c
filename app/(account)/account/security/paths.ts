export const SECURITY_PATH = "/account/security";

/** The page that shows the secret of an authenticator app and takes its first code. */
export const authenticatorPath = (returnTo: string | undefined): string =>
  `${SECURITY_PATH}/authenticator${returnTo ? `?returnTo=${encodeURIComponent(returnTo)}` : ""}`;

/** The page that takes a telephone number and its first code. */
export const phonePath = (returnTo: string | undefined): string =>
  `${SECURITY_PATH}/phone${returnTo ? `?returnTo=${encodeURIComponent(returnTo)}` : ""}`;
