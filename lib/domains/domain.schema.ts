import { z } from "zod";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** ASCII, lower case, at least two labels, the last no number; null for what is no such name. */
export function canonicalDomain(text: string): string | null {
  const name = text.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const labels = name.split(".");
  const fits =
    name.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^[0-9]+$/.test(labels.at(-1) ?? "");
  return fits ? name : null;
}

const NO_DOMAIN = "Enter a domain such as example.com; one with other letters in its xn-- form.";

export const DomainName = z
  .string()
  .max(300, NO_DOMAIN)
  .transform((text, context) => {
    const canonical = canonicalDomain(text);
    if (canonical !== null) return canonical;
    context.addIssue({ code: "custom", message: NO_DOMAIN });
    return z.NEVER;
  });
