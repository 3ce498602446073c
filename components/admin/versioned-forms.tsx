"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { FormContext } from "@/components/form/form-context";
import type { FormState } from "@/lib/shared/form-state";

/** A save that was based on one version and led to the other, with nobody else's between them. */
type Save = { from: number; to: number };

const Saves = createContext<{ last: Save | null; tell: (save: Save) => void }>({
  last: null,
  tell: () => {},
});

/** Several forms that edit parts of one record, which has one version. */
export function VersionedForms({ children }: { children: ReactNode }) {
  const [last, tell] = useState<Save | null>(null);
  const value = useMemo(() => ({ last, tell }), [last]);
  return <Saves value={value}>{children}</Saves>;
}

const returnedVersion = (state: FormState): number | undefined => {
  const returned =
    state.status === "error"
      ? (state.stored ?? state.values)
      : state.status === "preview"
        ? state.values
        : undefined;
  const text = returned?.version;
  return text === undefined ? undefined : Number(text);
};

/**
 * Sends along which version the person is editing, and keeps to it while the
 * page is rendered anew with somebody else's changes. It moves on with the
 * person's own save in this form, with one in another form of the same record
 * that was based on the same version, and after an answer that has shown what
 * is stored now.
 */
export function EditedVersion({ version }: { version: number }) {
  const { state } = useContext(FormContext);
  const { last, tell } = useContext(Saves);
  const [answered, setAnswered] = useState(state);
  const [seen, setSeen] = useState(last);
  const [edited, setEdited] = useState(returnedVersion(state) ?? version);
  const sent = useRef(edited);
  const told = useRef(state);

  if (state !== answered) {
    setAnswered(state);
    setEdited(state.status === "success" ? version : (returnedVersion(state) ?? edited));
  }
  if (last !== seen) {
    setSeen(last);
    if (last?.from === edited) setEdited(last.to);
  }
  useEffect(() => {
    if (state.status === "success" && state !== told.current) {
      tell({ from: sent.current, to: edited });
    }
    told.current = state;
    sent.current = edited;
  });
  return <input type="hidden" name="version" value={edited} readOnly />;
}
