export * from "xswim/platform/xs/postcard";
