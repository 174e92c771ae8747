"""One folder a platform, found by its name. Adding a platform is adding a folder: `shopify/` is the one to read first."""
