/** An address that somebody else may see: enough to know one's own by. */
export function maskAddress(email: string): string {
  const at = email.lastIndexOf("@");
  return `${email.slice(0, 1)}…${email.slice(at)}`;
}

/** A telephone number in E.164 of which its owner knows the end. */
export const maskNumber = (number: string): string => `${number.slice(0, 3)}…${number.slice(-2)}`;
