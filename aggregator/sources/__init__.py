"""Where entries come from: one module per way of asking. Effects live here."""
