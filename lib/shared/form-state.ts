/** The field that says for whose page a form was drawn. No schema sees it. */
export const ACCOUNT_FIELD = "$account";

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
  /** What saving would do; nothing was done, and what was typed stays. */
  | { status: "preview"; preview: FormPreview; values?: Record<string, string> }
  /** The user has to prove again who they are, at `href`; what was typed is kept meanwhile. */
  | { status: "step-up"; href: string; values: Record<string, string> }
  /** The browser has to work first, and sends the same again with the `proof`; what was typed stays. */
  | {
      status: "challenge";
      challenge: WorkChallenge;
      /** For a browser that cannot. */
      message: string;
      values?: Record<string, string>;
    }
  /** `reveal` is shown once, in the form itself, and kept nowhere; `results` say what became of each. */
  | {
      status: "success";
      message: string;
      undo?: UndoOffer;
      reveal?: string[];
      results?: FormResult[];
    };

/** What became of one of several that a form is about. */
export interface FormResult {
  label: string;
  text: string;
  done: boolean;
}

/** What saving would do, in words. */
export interface FormPreview {
  /** Why a save would be refused, or what to think of first. */
  warning?: string;
  /** The fields by which a save has to be confirmed, because its author loses something by it. */
  confirm?: string[];
  sentences: string[];
  /** Figures by what they are about. */
  table?: { columns: string[]; rows: { label: string; cells: string[] }[] };
  /** Those whom it touches, as far as they are named. */
  people: { name: string; changes: string[] }[];
  /** The same of service accounts. */
  accounts?: { name: string; changes: string[] }[];
  /** What there is beyond those. */
  further?: string;
}

/** What a browser has to work on before an attempt counts (F119). */
export interface WorkChallenge {
  /** Sealed: the server keeps nothing of it. */
  token: string;
  /** Leading zero bits of SHA-256 of the token, a colon and a number: twice the work for each. */
  bits: number;
}

/** What an action answers to script that asked for something, instead of a form's state. */
export type Given<T> = { status: "given"; value: T };

/**
 * A way back, offered with the message that something was done. The action is a
 * server action bound to what it restores; like every other it is a public
 * entry point and checks everything again.
 */
export type UndoOffer = { label?: string; action: () => Promise<FormState> };

export const IDLE: FormState = { status: "idle" };

/** Nothing was done, for a reason that is no single field's. */
export const formError = (message: string): FormState => ({ status: "error", message });

/** Nothing was done for what stands in one field. */
export const fieldError = (name: string, message: string): FormState => ({
  status: "error",
  fieldErrors: { [name]: [message] },
});
