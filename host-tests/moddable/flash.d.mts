/** What a manifest of the package adds to the flash of an ESP32, in a release build. */
export interface LinkedFlash {
  /** All of it. */
  linkedBytes: number;
  codeBytes: number;
  /** Of 16 bytes: functions, prototypes, properties, variables that functions read, names. */
  slots: number;
  /** With a pointer of 4 bytes each; their texts are in `linkedBytes` too. */
  names: number;
}

export function linkedFlash(sdk: unknown, folder: string, manifests: readonly string[]): LinkedFlash[];
