"""Orders and their lines."""

from shop.orders.order import Line, Order

__all__ = ["Line", "Order"]
