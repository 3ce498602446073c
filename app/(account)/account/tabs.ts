/** The account's pages, in the order of their tabs. */
export const ACCOUNT_TABS = [
  { href: "/account/profile", label: "Profile" },
  { href: "/account/security", label: "Security" },
  { href: "/account/sessions", label: "Sessions" },
] as const;
