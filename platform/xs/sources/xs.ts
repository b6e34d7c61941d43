// `xswim/xs` for an app that is built from these sources: mcconfig resolves the name by the manifest beside this file.
export * from "xswim/platform/xs/index";
