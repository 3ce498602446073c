import "server-only";
import { cache } from "react";
import type { AccessDenied } from "@/lib/authz/authorize";

interface DenialSlot {
	denial: AccessDenied | null;
}

// One slot for each request: the page that refuses fills it, forbidden.tsx reads it.
const slot = cache((): DenialSlot => ({ denial: null }));

export const noteDenial = (denial: AccessDenied): void => {
	slot().denial = denial;
};

export const notedDenial = (): AccessDenied | null => slot().denial;
