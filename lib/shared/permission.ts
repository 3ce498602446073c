/** A permission as code declares it: the feature that checks it owns the declaration (D6). */
export interface Permission {
  /** Unique, `verb_noun`; also the name under which roles grant it. */
  key: string;
  /** The Prisma model whose rows it is about. */
  resourceType: string;
  description: string;
  /** What runs the installation: organizations may ask for a second factor before any of it. */
  administrative?: boolean;
  /** About what no organization owns: it counts only where it is held on the whole instance (ATK-43). */
  instanceWide?: boolean;
  /** Decides over what others may do: it asks for somebody who proved a short while ago who they are. */
  sensitive?: boolean;
}

/** Keeps the literal keys, so that a misspelt permission does not compile. */
export const definePermissions = <const T extends Record<string, Permission>>(permissions: T): T =>
  permissions;
