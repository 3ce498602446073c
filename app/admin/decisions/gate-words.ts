import "server-only";
import type { GateTrace } from "@/lib/authz/gate-trace";
import type { Translator } from "@/lib/platform/locale/translator";

type Say = Translator<"admin-decisions.gate">;

interface Fact {
  term: string;
  value: string;
}

const listed = (t: Say, values: readonly unknown[]): string =>
  values.length === 0 ? t("values.none") : values.map(String).join(", ");

const yesOrNo = (t: Say, is: boolean): string => (is ? t("values.yes") : t("values.no"));

/** What the rule compared, with what it found. */
export function gateFacts(t: Say, { gate, context, principal }: GateTrace): Fact[] {
  switch (gate.rule) {
    case "network":
      return [
        { term: t("terms.allowedNetworks"), value: listed(t, gate.networks) },
        { term: t("terms.found"), value: context.ip ?? t("values.noAddress") },
      ];
    case "own-request":
      return [
        { term: t("terms.whoAsked"), value: gate.requesterId },
        { term: t("terms.whoAnswers"), value: principal?.id ?? t("values.nobody") },
      ];
    case "token-kind":
      return gate.wants === "second-factor"
        ? [
            { term: t("terms.takes"), value: t(`wants.${gate.wants}`) },
            {
              term: t("terms.found"),
              value: context.acr === "" ? t("values.nothingProven") : context.acr,
            },
          ]
        : [
            { term: t("terms.takes"), value: t(`wants.${gate.wants}`) },
            { term: t("terms.goodBy"), value: listed(t, gate.goodBy) },
            { term: t("terms.found"), value: context.means ?? t("values.nobody") },
          ];
    case "scope":
      return [
        { term: t("terms.neededScope"), value: gate.required },
        { term: t("terms.tokenScopes"), value: listed(t, gate.granted) },
      ];
    case "single-sign-on":
      return [
        {
          term: t("terms.beganAt"),
          value: gate.met ? t("values.itsConnections") : t("values.noneOfThem"),
        },
      ];
    case "password-age":
      return [
        {
          term: t("terms.password"),
          value: gate.expired ? t("values.expired") : t("values.notExpired"),
        },
      ];
    case "terms":
      return [
        {
          term: t("terms.termsInForce"),
          value: gate.accepted ? t("values.accepted") : t("values.notAccepted"),
        },
      ];
    case "account-deletion":
      return [
        {
          term: t("terms.account"),
          value: gate.pending ? t("values.toBeDeleted") : t("values.kept"),
        },
      ];
    case "origin":
      return [
        { term: t("terms.neededOrigin"), value: gate.own },
        { term: t("terms.found"), value: gate.origin ?? t("values.none") },
        { term: t("terms.method"), value: gate.method },
        { term: t("terms.byCookie"), value: yesOrNo(t, gate.byCookie) },
      ];
    case "client-record":
      return [
        {
          term: t("terms.describedBy"),
          value: gate.byAdministrator ? t("values.administrator") : t("values.itself"),
        },
      ];
    case "impersonated":
      return [
        { term: t("terms.whoActed"), value: gate.impersonatorId },
        { term: t("terms.openToThem"), value: yesOrNo(t, gate.open) },
      ];
    case "impersonation":
      return [{ term: t("terms.administerBy"), value: listed(t, gate.administrative) }];
    case "sign-up":
      return [
        { term: t("terms.signUps"), value: gate.mode },
        { term: t("terms.invited"), value: yesOrNo(t, gate.invited) },
      ];
    case "route":
      return [
        { term: t("terms.askedFor"), value: gate.address },
        { term: t("terms.method"), value: gate.method },
        { term: t("terms.decidedBy"), value: gate.reason },
      ];
  }
}
