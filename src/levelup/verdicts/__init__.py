"""Who moved: how a gap changed, split into what the lower and the upper subject did, and how sure that is."""
