import { Check } from "lucide-react";
import { useTranslations } from "#translations";
import { wordsOfScope } from "@/app/(auth)/scope-words";

/** What an app may do once it is allowed, a line each. */
export function ScopeList({ scopes }: { scopes: string[] }) {
  const t = useTranslations("auth.scopes");
  return (
    <ul className="space-y-2.5 text-sm">
      {scopes.map((scope) => (
        <li key={scope} className="flex gap-2.5">
          <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-accent" />
          {wordsOfScope(scope, t)}
        </li>
      ))}
    </ul>
  );
}
