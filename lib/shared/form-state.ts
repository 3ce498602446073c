/** What a form's server action answers. Values never hold what a password field had. */
export type FormState =
  | { status: "idle" }
  | {
      status: "error";
      message?: string;
      fieldErrors?: Record<string, string[]>;
      values?: Record<string, string>;
      /** What is stored now, by field, when somebody else saved while this form was open. */
      stored?: Record<string, string>;
    }
  /** The user has to prove again who they are, at `href`; what was typed is kept meanwhile. */
  | { status: "step-up"; href: string; values: Record<string, string> }
  /** `reveal` is shown once, in the form itself, and kept nowhere. */
  | { status: "success"; message: string; undo?: UndoOffer; reveal?: string[] };

/** What an action answers to script that asked for something, instead of a form's state. */
export type Given<T> = { status: "given"; value: T };

/**
 * A way back, offered with the message that something was done. The action is a
 * server action bound to what it restores; like every other it is a public
 * entry point and checks everything again.
 */
export type UndoOffer = { label?: string; action: () => Promise<FormState> };

export const IDLE: FormState = { status: "idle" };
