import { ReplacedFile } from "./replaced-file.js";

/** A file with the active members, one address a line, for other programs to read. */
export class MembersFile extends ReplacedFile {
  /** Puts the list into the file, as `replaceText` does. */
  replace(addresses: readonly string[]): Promise<void> {
    return this.replaceText(addresses.map((address) => address + "\n").join(""));
  }
}
