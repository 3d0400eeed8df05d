from pathlib import Path

from django.core.management.commands import loaddata

from apps.core.fixtures import file_name, fixture_models


class Command(loaddata.Command):
    help = (
        loaddata.Command.help
        + " Files of this project are loaded in the order of their dependencies, so that fixtures/*.json works; "
        "but `seed` alone validates them and writes history."
    )

    def loaddata(self, fixture_labels):
        order = {
            file_name(model).removesuffix(".json"): place for place, model in enumerate(fixture_models())
        }
        super().loaddata(sorted(fixture_labels, key=lambda label: order.get(Path(label).stem, len(order))))
