import { AAL2, AAL3, type Acr, type Hold } from "@/lib/shared/assurance";
import { ORGANIZATION_FIELD, organizationSlug } from "@/lib/shared/organization-slug";

/** Where people land who did not ask for a place. */
export const HOME_PATH = "/dashboard";

/** Where people take a copy of their data, or delete their account. */
export const DATA_PATH = "/account/data";

const LENGTH_MAX = 2_000;
/** Any base that no real link can have: what resolves elsewhere left it. */
const BASE = "https://own.invalid";

/**
 * The path to return to after sign-in, when it is one of ours, and the home
 * page for everything else (ATK-13). Browsers read backslashes as slashes and
 * drop tabs and line breaks, so the text must be free of them before it is judged.
 */
export function safeReturnTo(candidate: unknown): string {
  if (typeof candidate !== "string" || candidate.length > LENGTH_MAX) return HOME_PATH;
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(candidate) || candidate.includes("\\")) return HOME_PATH;
  if (!URL.canParse(candidate, BASE)) return HOME_PATH;
  const url = new URL(candidate, BASE);
  if (url.origin !== BASE || url.pathname.startsWith("//")) return HOME_PATH;
  return `${url.pathname}${url.search}`;
}

/**
 * The sign-in page that comes back to `path` afterwards, unless that is longer than any of ours.
 * With an `email`, in its canonical form, that is filled in there.
 */
export function signInPath(path: string, email: string | null = null): string {
  const target = path.length > LENGTH_MAX ? [] : [`returnTo=${encodeURIComponent(path)}`];
  const hint = email === null ? [] : [`email=${encodeURIComponent(email)}`];
  const query = [...target, ...hint].join("&");
  return query === "" ? "/sign-in" : `/sign-in?${query}`;
}

/**
 * A page on the way in that comes back to `path` in the end; home needs no word. In the look of the
 * organization that is named, where one is.
 */
export function onTheWayTo(page: string, path: string, org: unknown = null): string {
  const slug = organizationSlug(org);
  const query = [
    ...(path === HOME_PATH ? [] : [`returnTo=${encodeURIComponent(path)}`]),
    ...(slug === null ? [] : [`${ORGANIZATION_FIELD}=${slug}`]),
  ].join("&");
  return query === "" ? page : `${page}?${query}`;
}

/** The accounts of this browser, of which the chosen one goes on at `path`. */
export const accountsPath = (path: string): string =>
  path.length > LENGTH_MAX ? "/accounts" : `/accounts?returnTo=${encodeURIComponent(path)}`;

/**
 * The page where somebody signed in proves again who they are, and then comes
 * back to `path`. Whoever lacks what a class needs is led to it.
 */
export function stepUpPath(path: string, acr?: Acr): string {
  const level = acr === AAL3 ? "3" : acr === AAL2 && "2";
  const query = new URLSearchParams({
    for: "step-up",
    ...(level && { level }),
    ...(path.length <= LENGTH_MAX && { returnTo: path }),
  });
  return `/challenge?${query.toString()}`;
}

/** The page where somebody whose password has expired chooses another, before all else. */
export const expiredPasswordPath = (path: string): string =>
  `/account/security/password?returnTo=${encodeURIComponent(path)}`;

/** The page that leads somebody without a second factor to one, and then on to `path`. */
export const enrolPath = (path: string): string =>
  `/account/security/enrol?returnTo=${encodeURIComponent(path)}`;

/** The page that leads to the organization's own way in, and then on to `path`. */
export const singleSignOnPath = (path: string): string =>
  `/single-sign-on?returnTo=${encodeURIComponent(path)}`;

/** The page where somebody accepts what is in force, and then goes on to `path`. */
export const termsPath = (path: string): string => onTheWayTo("/terms", path);

/** Where somebody keeps an account that is to be erased, or does not. */
export const DELETION_PATH = "/account-deletion";

/** Where somebody goes whom a rule of their organization holds, or what they asked for themselves. */
export function holdPath(hold: Hold, path: string): string {
  if (hold === "deletion") return DELETION_PATH;
  if (hold === "terms") return termsPath(path);
  if (hold === "single-sign-on") return singleSignOnPath(path);
  if (hold === "password") return expiredPasswordPath(path);
  return stepUpPath(path, hold === "second-factor" ? AAL2 : undefined);
}
