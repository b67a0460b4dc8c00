from audit.models import Entry
from catalog.models import Category

reveal_type(Entry.objects)
reveal_type(Entry.objects.latest_first())
reveal_type(Entry.objects.first())
reveal_type(Category().entries)
reveal_type(Category().entries.latest_first())
reveal_type(Category().products)
reveal_type(Entry._default_manager)
