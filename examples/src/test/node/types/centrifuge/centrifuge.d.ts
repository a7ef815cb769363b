// The SDK, which the build copies to web/centrifuge of the pages.
export * from "../../../sdk/package/build/index.js";
