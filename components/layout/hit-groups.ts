import type { NavIconName } from "@/components/layout/nav-icon";
import { matchShortcuts, type Shortcut } from "@/components/layout/shortcut";
import { HIT_KINDS, type Hit, type HitKind } from "@/lib/shared/search-hit";

const ICONS: Record<HitKind, NavIconName> = {
  user: "users",
  organization: "organizations",
  role: "roles",
  team: "teams",
  policy: "policies",
  client: "clients",
  decision: "access",
  event: "audit",
};

export interface Offer extends Shortcut {
  detail: string | null;
}

export interface OfferGroup {
  /** What its title is in the catalogue, `palette.groups`. */
  of: "pages" | "actions" | HitKind;
  offers: Offer[];
}

export interface Offered {
  pages: readonly Shortcut[];
  actions: readonly Shortcut[];
}

const plain = (shortcut: Shortcut): Offer => ({ ...shortcut, detail: null });

/** What fits what was typed: pages and things to do first, then what was found. Empty groups are left out. */
export function groupOffers({ pages, actions }: Offered, hits: Hit[], typed: string): OfferGroup[] {
  const found = HIT_KINDS.map((kind) => ({
    of: kind,
    offers: hits
      .filter((hit) => hit.kind === kind)
      .map(({ title, detail, href }) => ({ label: title, detail, href, icon: ICONS[kind] })),
  }));
  const groups: OfferGroup[] = [
    { of: "pages", offers: matchShortcuts(pages, typed).map(plain) },
    { of: "actions", offers: matchShortcuts(actions, typed).map(plain) },
    ...found,
  ];
  return groups.filter(({ offers }) => offers.length > 0);
}
