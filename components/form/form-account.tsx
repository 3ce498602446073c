"use client";

import { createContext, type ReactNode, useContext } from "react";
import { ACCOUNT_FIELD } from "@/lib/shared/form-state";

const Account = createContext<string | null>(null);

/**
 * Says whose page this is. Every form in it names that account, so that none is
 * done for another one that the browser has switched to meanwhile (F36).
 */
export function FormAccount({ account, children }: { account: string; children: ReactNode }) {
  return <Account value={account}>{children}</Account>;
}

export function AccountField() {
  const account = useContext(Account);
  return account === null ? null : <input type="hidden" name={ACCOUNT_FIELD} value={account} />;
}
