/** What a file may be sent as to become a picture. */
export const PICTURE_TYPES = "image/png,image/jpeg,image/webp";
export const PICTURE_BYTES_MAX = 2 * 1024 * 1024;

/** A digest is in the address, so that what it leads to never changes and may be kept for good. */
export const ownPictureHref = (digest: string): string => `/api/v1/account/picture/${digest}`;
export const pictureHref = (userId: string, digest: string): string =>
  `/api/v1/users/${userId}/picture/${digest}`;
