from django import forms

from catalog.models import Product


class ProductForm(forms.ModelForm[Product]):
    class Meta:
        model = Product
        fields = ["name", "price"]


def save(form: ProductForm) -> Product:
    product = form.save()
    reveal_type(product.category)
    return product
