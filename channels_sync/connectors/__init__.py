"""One folder a platform, found by its name. To add one, add a folder: `shopify/` is the one to read first."""
