export * from "xswim/platform/xs/discover/index";
