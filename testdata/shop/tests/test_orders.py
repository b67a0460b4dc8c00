"""Tests of orders; typewave checks them with the rest."""

from shop.catalogue import Product, Shelf, find
from shop.customer import Customer
from shop.money import Money


def test_total() -> None:
    tea = Product("tea", Money(350), Shelf.TOP)
    order = Customer("Ann").order()
    order.add(tea, 2)
    assert order.total() == Money(700)


def test_find() -> None:
    tea = Product("tea", Money(350), Shelf.TOP)
    assert find([tea], "tea").price == Money(350)
