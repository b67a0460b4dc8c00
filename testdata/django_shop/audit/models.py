from django.db import models

from catalog.stamps import StampManager


class Stamped(models.Model):
    stamped = models.DateTimeField(auto_now=True)

    objects = StampManager()

    class Meta:
        abstract = True


class Entry(Stamped):
    text = models.TextField()
    category = models.ForeignKey("catalog.Category", on_delete=models.CASCADE, related_name="entries")

