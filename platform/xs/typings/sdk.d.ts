// Modules of the Moddable SDK that `@moddable/typings` leaves out, as far as they are used here.

declare module "embedded:network/interface/wifi" {
  /** The Wi-Fi of the device, by the interface that ECMA-419 gives to networks. */
  export default class WiFi {
    /** @throws Error when there is no Wi-Fi or no memory */
    constructor(options: { onChanged?: (property: "connection" | "address") => void });
    /** 200 and below: not connected; 300: connecting; 400: connected without an address; 500: with one. */
    readonly connection: number;
    /** A dotted IPv4 address; on ESP32 an IPv6 address as long as there is none. */
    readonly address: string | undefined;
    readonly MAC: string | undefined;
    /** @throws Error when it is connecting already, or the network stack refuses */
    connect(options: { SSID: string; password?: string }): void;
    disconnect(): void;
    /** Lets go of the object. The device stays connected. */
    close(): void;
  }
}

declare module "embedded:storage/key-value" {
  /** The values of one domain. */
  export interface Storage {
    /** Undefined when there is no such key. */
    read(key: string): unknown;
    write(key: string, value: string): void;
    close(): void;
  }
  const Domains: { open(options: { path: string; format: string }): Storage };
  export default Domains;
}

/** `platform/xs/sealed/cipher.ts` says what of it is used. */
declare module "crypt" {}

declare module "xswim/unique-bytes" {
  /** `FillUnique` of the platform. */
  export function fillUnique(bytes: Uint8Array, isKept: boolean): boolean;
}
