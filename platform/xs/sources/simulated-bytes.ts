export * from "xswim/platform/xs/sealed/simulated-bytes";
