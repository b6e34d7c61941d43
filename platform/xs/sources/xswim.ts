export * from "xswim/core/index";
