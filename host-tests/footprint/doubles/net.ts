export default {
  get: (what: string): string => (what === "IP" ? "10.0.0.1" : "00:11:22:33:44:55"),
};
