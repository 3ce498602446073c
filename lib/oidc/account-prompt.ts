import "server-only";
import { interactionPolicy } from "oidc-provider";

export const SELECT_ACCOUNT = "select_account";

/**
 * The question which account it is to be, before anything about one (OpenID
 * Connect Core §3.1.2.1). Clients ask it; people do who are to allow something.
 */
export const accountPrompt = (): interactionPolicy.Prompt =>
  new interactionPolicy.Prompt({ name: SELECT_ACCOUNT, requestable: true });
