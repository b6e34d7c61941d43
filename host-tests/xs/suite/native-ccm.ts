// Takes the place of Node's cipher in a bundle: the one in C of our host, as a device has it.
import { BlockCcm } from "../../../platform/shared/ccm.js";
import type { XsHost } from "../host.js";

declare const host: XsHost;

export class CryptoCcm extends BlockCcm {
  constructor(secret: Uint8Array) {
    super(host.aes(secret.slice().buffer));
  }
}
