import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";

/** A pipe with a name, whose reading end the test holds and reads when it wants to. */
export class Fifo {
  /** The end to write to, for a program. */
  readonly writeEnd: number;
  private readEnd: number | undefined;
  private text = "";

  constructor(path: string) {
    execFileSync("mkfifo", [path]);
    this.readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.writeEnd = openSync(path, constants.O_WRONLY);
  }

  /** All that came so far; makes room for more. */
  read(): string {
    const buffer = Buffer.alloc(1 << 16);
    try {
      for (let length; this.readEnd !== undefined && (length = readSync(this.readEnd, buffer)) > 0;) {
        this.text += buffer.toString("latin1", 0, length);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
    return this.text;
  }

  /** Has nobody read any more. */
  closeReadEnd(): void {
    if (this.readEnd !== undefined) closeSync(this.readEnd);
    this.readEnd = undefined;
  }

  close(): void {
    this.closeReadEnd();
    closeSync(this.writeEnd);
  }
}
