/**
 * Whether a call of the engine copies a dozen bytes quicker than a loop: it does on XS (33 steps for 350), and does not on
 * V8. Builds for XS put `platform/xs/native.ts` in the place of this module.
 */
export const COPIES_NATIVELY: boolean = false;
