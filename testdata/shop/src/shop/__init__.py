"""A small shop: a catalogue, orders and payment."""
