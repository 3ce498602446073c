import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// The merger must know our own size, or it takes `text-2xs` for a colour and drops one of the two.
const merge = extendTailwindMerge({
  extend: { theme: { text: ["2xs"] } },
});

/** Joins class names; of two that set the same property, the later one stays. */
export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
