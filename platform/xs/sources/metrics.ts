export * from "xswim/platform/shared/metrics";
