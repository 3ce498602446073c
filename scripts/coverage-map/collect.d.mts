import type ts from "typescript";

/** `anonymous` needs no session, `signed-in` any; all else is the key of a permission. */
export type Needs = "anonymous" | "signed-in" | (string & {});

export interface PageCoverage {
  route: string;
  needs: Needs;
}

export interface ActionCoverage {
  file: string;
  name: string;
  needs: Needs;
}

export interface Module {
  file: string;
  source: ts.SourceFile;
  declared: Map<string, ts.Node>;
  imported: Map<string, { file: string; name: string }>;
}

export function collectCoverage(): {
  pages: PageCoverage[];
  handlers: PageCoverage[];
  actions: ActionCoverage[];
};

export function actionsIn(read: Module): ActionCoverage[];
