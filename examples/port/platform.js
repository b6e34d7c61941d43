// What xswim's build for devices wants of an engine that is not Moddable's: four globals in the place of four modules of
// its SDK. Everything that differs between engines is in the object that you pass; see docs/PORTING.md.
// Written in ECMAScript 2015, without modules, for engines that have no more.

/**
 * Call it once, before the script xswim.js is evaluated.
 * @param {object} engine
 * @param {() => number} engine.nowMs milliseconds that never go back, from any moment on, fractions allowed
 * @param {(call: () => void, ms: number) => unknown} engine.after calls once after 1 to 3,600,000 whole milliseconds
 * @param {(timer: unknown) => void} engine.cancel takes what `after` returned, also when it has called already
 * @param {() => string} engine.address our IPv4 address, dotted; an empty text while there is none
 * @param {() => string} engine.serial a text that no other device has, such as the MAC address
 * @param {(port: number, take: (bytes: ArrayBuffer) => void) => { send, close }} engine.openUdp throws when the port is taken
 * @param {(text: string) => void} engine.print for errors that the program does not ask for
 */
function xswimPlatform(engine) {
  const Timer = {
    repeat(callback, ms) {
      const timer = { ms, id: undefined, fire: undefined };
      timer.fire = () => {
        timer.id = engine.after(timer.fire, timer.ms);
        callback(timer);
      };
      timer.id = engine.after(timer.fire, ms);
      return timer;
    },
    schedule(timer, ms) {
      engine.cancel(timer.id);
      timer.ms = ms;
      timer.id = engine.after(timer.fire, ms);
    },
    clear(timer) {
      engine.cancel(timer.id);
    },
  };

  const Time = {
    get ticks() {
      return engine.nowMs() | 0;
    },
    delta: (from, to) => (to - from) | 0,
  };

  const Net = { get: (what) => (what === "IP" ? engine.address() : engine.serial()) };

  class UDP {
    constructor(options) {
      this.waiting = undefined;
      this.socket = engine.openUdp(options.port, (bytes) => {
        this.waiting = bytes;
        options.onReadable(1);
      });
    }
    read() {
      const bytes = this.waiting;
      this.waiting = undefined;
      return bytes;
    }
    write(bytes, address, port) {
      this.socket.send(bytes, address, port);
    }
    close() {
      this.socket.close();
    }
  }

  globalThis.Timer = Timer;
  globalThis.Time = Time;
  globalThis.Net = Net;
  globalThis.UDP = UDP;
  globalThis.trace = (text) => engine.print(text);
}
