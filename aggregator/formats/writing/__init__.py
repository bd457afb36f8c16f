"""Publications to bytes; equal publications give equal bytes."""
