/** Either form of the session cookie's name; which one is in use depends on https. */
const SESSION_COOKIES = ["__Host-gatehouse_session", "gatehouse_session"];

const SIGNED_IN_AREAS = ["/dashboard", "/invoices", "/account", "/admin"];

/** A guess that saves a page load: a cookie is there or not; whether it is worth anything is unknown. */
export function needsSignIn(path: string, hasCookie: (name: string) => boolean): boolean {
  const inside = SIGNED_IN_AREAS.some((area) => path === area || path.startsWith(`${area}/`));
  return inside && !SESSION_COOKIES.some(hasCookie);
}
