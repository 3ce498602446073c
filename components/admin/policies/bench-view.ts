import type { FormState, Given } from "@/lib/shared/form-state";

/** A line of an explained condition. */
export interface BenchLine {
  /** Its place in the answer. */
  key: string;
  text: string;
  depth: number;
  finding: "met" | "not-met" | "unknown" | "some";
  /** What was looked at, where it says something. */
  actual: string | null;
}

export interface BenchRule {
  key: string;
  title: string;
  effect: "allow" | "deny";
  finding: "counts" | "does-not-count" | "for-some";
  decides: boolean;
  lines: BenchLine[];
}

export interface BenchVerdict {
  allowed: boolean;
  words: string;
  rules: BenchRule[];
  hidden: string[];
}

export interface BenchAnswer {
  stored: BenchVerdict;
  /** With the version that is tried in force; null when none was. */
  tried: { title: string; verdict: BenchVerdict } | null;
}

export type BenchState = FormState | Given<BenchAnswer>;
