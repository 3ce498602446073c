import "server-only";

/** What a sender is given of a message. The id is the same each time it is tried. */
export interface SmsMessage {
  id: string;
  kind: string;
  /** E.164. */
  recipient: string;
  text: string;
  expiresAt: Date | null;
}

/**
 * A way for text messages to reach people. One removable file of this folder each,
 * with its line in `sms-senders.ts`, held to one contract test (F5).
 */
export interface SmsSender {
  name: string;
  /** Whether the configuration has what it needs; nobody is asked for that. */
  isSetUp(): boolean;
  /** Where people read what it sends. */
  readAt: "telephone" | "dev-mail";
  /**
   * Hands one message over. Throws what says why when it was not taken, or not before the
   * signal: it is tried again later. Neither its number nor its text is in that, or in the log.
   */
  send(message: SmsMessage, signal: AbortSignal): Promise<void>;
}
