"""Jobs that come round: the registry says which and how often, the table when each is due next."""

from django.db import transaction

from muniment.core.actors import SYSTEM
from muniment.core.clock import now
from muniment.core.registries import schedules
from muniment.jobs import services
from muniment.jobs.models import ScheduleState


def enqueue_due() -> None:
    """Enqueues what is due. Time missed while nothing ran is missed once: the next is due `every` from now.

    Several workers may call it at once: only the one that moves the due time enqueues. A job that still waits from
    the time before is the same job (its key is the schedule's name).
    """
    moment = now()
    known = dict(ScheduleState.objects.values_list("name", "due_at"))
    for name, schedule in schedules.items():
        if known.get(name, moment) > moment:
            continue
        with transaction.atomic():
            state, _ = ScheduleState.objects.get_or_create(name=name, defaults={"due_at": moment})
            mine = ScheduleState.objects.filter(name=name, due_at=state.due_at, due_at__lte=moment)
            if mine.update(due_at=moment + schedule.every):
                services.enqueue(actor=SYSTEM, kind=schedule.kind, payload={}, key=f"schedule {name}")
