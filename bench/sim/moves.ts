import type { World } from "./world.js";

/**
 * Gives two running hosts each other's address, as DHCP may. What is sent to an address goes to the host that has it
 * now. The programs go on under the identities that they had, at which nobody is to be found any more, until
 * `takeAddress` tells them.
 */
export function swapAddresses(world: World, a: number, b: number): void {
  const { hosts, books, beliefs, network, disagreements } = world;
  for (const index of [a, b]) {
    if (hosts[index].isFoca) throw new Error(`host ${index} runs foca, which is not told of another address`);
    books.gone(index);
  }
  const first = hosts[a];
  const second = hosts[b];
  hosts[a] = second;
  hosts[b] = first;
  beliefs.swapObservers(a, b);
  network.swapLinks(a, b);
  books.truth.swapped(a, b);
  first.moveTo(b);
  second.moveTo(a);
  for (const index of [a, b]) disagreements.judgeHost(world.nowMs, index);
}

/** Has the program on a host notice its address, and take it under a later life, as the platforms' nodes do. */
export function takeAddress(world: World, index: number): void {
  const host = world.hosts[index];
  const { swim } = host;
  if (swim === undefined || !host.isMisplaced) return;
  host.isMisplaced = false;
  host.life++;
  world.books.started(index, host.life);
  swim.changeIdentity(world.naming.make(index, host.life));
  host.arm();
}
