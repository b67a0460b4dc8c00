from django.db import models

from catalog.managers import ProductManager


class Category(models.Model):
    name = models.CharField(max_length=50)


class Product(models.Model):
    name = models.CharField(max_length=50)
    price = models.IntegerField(default=0)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="products")
    note = models.TextField(null=True)

    objects = ProductManager()
