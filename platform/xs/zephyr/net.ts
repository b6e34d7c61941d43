// The SDK's module `net` on Zephyr, where the SDK has none: as far as a node asks it, by the network interfaces that are in
// the app.
import Modules from "modules";

/** Network interfaces of ECMA-419, as far as they are asked. */
interface NetworkInterface {
  readonly address: string | undefined;
  readonly MAC: string | undefined;
  close(): void;
}

type NetworkInterfaceClass = new (options: object) => NetworkInterface;

function getFrom(name: string, what: string): string | undefined {
  if (!Modules.has(name)) return undefined;
  try {
    const Interface = Modules.importNow(name) as NetworkInterfaceClass;
    const network = new Interface({});
    const value = what === "IP" ? network.address : what === "MAC" ? network.MAC : undefined;
    network.close();
    return value;
  } catch {
    // The board has no network of this kind.
    return undefined;
  }
}

const Net = Object.freeze({
  /** The device's "IP" address or its "MAC"; undefined when there is none. */
  get(what: string): string | undefined {
    return (
      getFrom("embedded:network/interface/wifi", what) ?? getFrom("embedded:network/interface/ethernet", what)
    );
  },
});

export default Net;
