// These modules have the names of the built package, for an app that is built from the sources: mcconfig resolves them by
// the manifest beside this file.
export * from "xswim/platform/xs/index";
