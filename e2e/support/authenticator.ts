import type { CDPSession, Page } from "@playwright/test";

/** A virtual authenticator of Chromium: what is pressed and verified there is decided here. */
export class VirtualAuthenticator {
  readonly #session: CDPSession;
  readonly #id: string;

  private constructor(session: CDPSession, id: string) {
    this.#session = session;
    this.#id = id;
  }

  /**
   * A passkey provider, or a plain key that neither verifies nor names its user:
   * Chromium has none that does one alone. It confirms nothing until
   * {@link confirming} says so. Autofill is off unless it is what a test is about:
   * the virtual authenticator would answer it before anybody presses a button.
   */
  static async plugInto(
    page: Page,
    { verifiesUser = true, autofill = false } = {},
  ): Promise<VirtualAuthenticator> {
    if (!autofill) {
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
      });
    }
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable", { enableUI: false });
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: verifiesUser ? "internal" : "usb",
        hasResidentKey: verifiesUser,
        hasUserVerification: verifiesUser,
        isUserVerified: verifiesUser,
        automaticPresenceSimulation: false,
      },
    });
    return new VirtualAuthenticator(session, authenticatorId);
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

  async countCredentials(): Promise<number> {
    const { credentials } = await this.#session.send("WebAuthn.getCredentials", {
      authenticatorId: this.#id,
    });
    return credentials.length;
  }
}
