import { randomBytes } from "node:crypto";

/** An address that no other test uses. */
export const newAddress = (): string => `new-${randomBytes(6).toString("hex")}@example.com`;

/** Strong enough for the rules, and of no word that a test's person is made of. */
export const NEW_PASSWORD = "violet teapot under gravel";

/** A name that no other test uses, and that begins with a word of one's own. */
export const newName = (word: string): string => `${word} ${randomBytes(5).toString("hex")}`;
