import type { CDPSession, Page } from "@playwright/test";

/** A virtual authenticator of Chromium: what is pressed and verified there is decided here. */
export class VirtualAuthenticator {
  readonly #session: CDPSession;
  #id = "";

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /**
   * A passkey provider; it confirms nothing until {@link confirming} says so.
   * Autofill is off unless it is what a test is about: the virtual authenticator
   * would answer it before anybody presses a button.
   */
  static async plugInto(page: Page, { autofill = false } = {}): Promise<VirtualAuthenticator> {
    if (!autofill) {
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
      });
    }
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable", { enableUI: false });
    const authenticator = new VirtualAuthenticator(session);
    await authenticator.#plugIn(true);
    return authenticator;
  }

  async #plugIn(verifiesUser: boolean): Promise<void> {
    const { authenticatorId } = await this.#session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: verifiesUser ? "internal" : "usb",
        hasResidentKey: true,
        hasUserVerification: verifiesUser,
        isUserVerified: verifiesUser,
        automaticPresenceSimulation: false,
      },
    });
    this.#id = authenticatorId;
  }

  /** From now on the same keys sit in something that cannot tell its user from another. */
  async stopVerifyingUser(): Promise<void> {
    const { credentials } = await this.#credentials();
    await this.#session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: this.#id });
    await this.#plugIn(false);
    for (const {
      credentialId,
      isResidentCredential,
      rpId,
      privateKey,
      userHandle,
      signCount,
    } of credentials) {
      const credential = {
        credentialId,
        isResidentCredential,
        rpId,
        privateKey,
        userHandle,
        signCount,
      };
      await this.#session.send("WebAuthn.addCredential", { authenticatorId: this.#id, credential });
    }
  }

  /** Confirms whatever is asked while `work` goes on. */
  async confirming<T>(work: () => Promise<T>): Promise<T> {
    await this.#simulatePresence(true);
    try {
      return await work();
    } finally {
      await this.#simulatePresence(false);
    }
  }

  async #simulatePresence(enabled: boolean): Promise<void> {
    await this.#session.send("WebAuthn.setAutomaticPresenceSimulation", {
      authenticatorId: this.#id,
      enabled,
    });
  }

  #credentials() {
    return this.#session.send("WebAuthn.getCredentials", { authenticatorId: this.#id });
  }

  async countCredentials(): Promise<number> {
    return (await this.#credentials()).credentials.length;
  }
}
