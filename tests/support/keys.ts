import { getConfig } from "@/lib/platform/config";
import { processSingleton } from "@/lib/platform/process-singleton";

/** Two of each, as an operator would make them. */
export const OLD_KEYS = {
  authSecrets: ["an-old-secret-that-only-tests-use-012345"],
  dataEncryptionKeys: ["an-old-key-that-only-tests-use-0123456789"],
};
export const NEW_KEYS = {
  authSecrets: ["a-new-secret-that-only-tests-use-012345"],
  dataEncryptionKeys: ["a-new-key-that-only-tests-use-0123456789"],
};
type Keys = typeof OLD_KEYS;

/** The first keys sign and encrypt; all are accepted. */
export const both = (first: Keys, further: Keys): Keys => ({
  authSecrets: [...first.authSecrets, ...further.authSecrets],
  dataEncryptionKeys: [...first.dataEncryptionKeys, ...further.dataEncryptionKeys],
});

/** As though the program had been started anew with these keys. */
export function restartWith(keys: Keys): void {
  Object.assign(getConfig(), keys);
  forgetEngine();
}

interface Engine {
  built: unknown;
  checkedAt: number;
}

const engine = () =>
  processSingleton<Engine>("oidc-provider", () => ({ built: undefined, checkedAt: 0 }));

function forgetEngine(): void {
  Object.assign(engine(), { built: undefined, checkedAt: 0 });
}

/** As though the few seconds had gone by after which the signing keys are looked at again. */
export function lookAtSigningKeysAgain(): void {
  engine().checkedAt = 0;
}
