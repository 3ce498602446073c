/** Where somebody comes back to who was asked which account it is to be. */
export const chosenPath = (uid: string): string =>
  `/interaction/${encodeURIComponent(uid)}?account=chosen`;
