from datetime import timedelta

from django.apps import AppConfig

from muniment.core.registries import (
    Schedule,
    audit_kinds,
    job_handlers,
    member_departures,
    outsider_departures,
    schedules,
    start_steps,
)

_EXPIRE = Schedule(kind="chat:expire", every=timedelta(hours=1))


class ChatConfig(AppConfig):
    name = "muniment.chat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.chat.departing import CONVERSATIONS, ERASE, erase_conversations_of_outsider, erase_departed
        from muniment.chat.events import KINDS
        from muniment.chat.services import EXPIRE, expire_conversations, finish_erasures

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(EXPIRE, expire_conversations)
        job_handlers.register(ERASE, erase_departed)
        member_departures.register("chat", CONVERSATIONS)
        outsider_departures.register("chat", erase_conversations_of_outsider)
        schedules.register("chat:expire", _EXPIRE)
        start_steps.register("chat:erasures", finish_erasures)
