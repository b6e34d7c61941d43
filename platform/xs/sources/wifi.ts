export * from "xswim/platform/xs/wifi/connection";
