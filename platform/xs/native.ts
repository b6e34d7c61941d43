/** See `core/native.ts`, whose place this takes. */
export const COPIES_NATIVELY: boolean = true;
