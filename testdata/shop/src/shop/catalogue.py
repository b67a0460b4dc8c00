"""What the shop sells."""

from __future__ import annotations

from enum import Enum

from shop.money import Money


class Shelf(Enum):
    TOP = "top"
    MIDDLE = "middle"
    FLOOR = "floor"


class Product:
    def __init__(self, name: str, price: Money, shelf: Shelf) -> None:
        self.name = name
        self.price = price
        self.shelf = shelf


def find(products: list[Product], name: str) -> Product | None:
    for product in products:
        if product.name == name:
            return product
    return None
