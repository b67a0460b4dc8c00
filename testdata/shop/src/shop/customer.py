"""Customers know their orders; orders know their customer: an import cycle."""

from __future__ import annotations

from shop.money import Money
from shop.orders.order import Order


class Customer:
    def __init__(self, name: str) -> None:
        self.name = name
        self.orders: list[Order] = []

    def order(self) -> Order:
        order = Order(self)
        self.orders.append(order)
        return order

    def spent(self) -> Money:
        return sum(order.total() for order in self.orders)
