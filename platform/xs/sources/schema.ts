export * from "xswim/platform/shared/schema";
