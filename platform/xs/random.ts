import Time from "time";
import type { Random } from "../../core/index.js";

/**
 * Makes a generator of 32 random bits a call (sfc32: a counter and three words, mixed by shifts and additions). On
 * most platforms `Math.random` gives the same numbers after every start and on every device. So it is only one part
 * of the seed; the others differ between devices and between starts.
 *
 * @param text a text that no other device has, such as its addresses
 * @param life a number that differs from one start to the next
 */
export function deviceRandom(text: string, life: number): Random {
  let a = Math.floor(Math.random() * 0x100000000) | 0;
  let b = hash(text);
  let c = (Time.ticks ^ Math.imul(life, 0x9e3779b1)) | 0;
  let counter = 1;
  // eslint-disable-next-line no-restricted-syntax -- made once
  const next = (): number => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    c |= 0;
    return out >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}
