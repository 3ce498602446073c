"use client";

import { createContext } from "react";
import type { ConditionCatalogue, RecordType } from "@/components/admin/condition-editor/catalogue";

export interface EditorFacts {
  catalogue: ConditionCatalogue;
  /** What the records have in common that the condition is about. */
  type: RecordType;
  /** Once the server has refused, every part says what it lacks. */
  showProblems: boolean;
}

const NOTHING: ConditionCatalogue = {
  recordTypes: [],
  roles: [],
  teams: [],
  users: [],
  timeZones: [],
};

export const EditorContext = createContext<EditorFacts>({
  catalogue: NOTHING,
  type: { name: "", ownable: false, fields: {}, hideable: [] },
  showProblems: false,
});
