export * from "xswim/platform/xs/sealed/index";
