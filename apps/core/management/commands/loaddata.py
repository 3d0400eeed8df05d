from pathlib import Path

from django.core.management.commands import loaddata

from apps.core.changes import together
from apps.core.curated import LOAD_REASON
from apps.core.fixtures import file_name, fixture_models
from apps.core.recording import loading


class Command(loaddata.Command):
    help = (
        loaddata.Command.help
        + " Files of this project are loaded in the order of their dependencies, so that fixtures/*.json works; "
        "but `seed` alone validates them. Rows of files that have no history with them get their records of it."
    )

    def handle(self, *args, **options):
        # A row may come before one that it refers to, so what follows from the rows is worked out at the end.
        with together(), loading(LOAD_REASON):
            super().handle(*args, **options)

    def loaddata(self, fixture_labels):
        order = {
            file_name(model).removesuffix(".json"): place for place, model in enumerate(fixture_models())
        }
        super().loaddata(sorted(fixture_labels, key=lambda label: order.get(Path(label).stem, len(order))))
