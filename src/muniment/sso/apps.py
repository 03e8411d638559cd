from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SsoConfig(AppConfig):
    name = "muniment.sso"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from muniment.core.registries import (
            ProfileTab,
            SignInDoor,
            audit_kinds,
            confirm_ways,
            job_handlers,
            member_departures,
            member_suspensions,
            profile_tabs,
            schedules,
            sign_in_doors,
            sign_out_ways,
        )
        from muniment.sso.chat_users import end_chat_sessions_of
        from muniment.sso.departure import SsoDeparture
        from muniment.sso.events import KINDS
        from muniment.sso.policies import may_view
        from muniment.sso.selectors import any_is_on
        from muniment.sso.tasks import LOOK_AFTER, SCHEDULE, TELL_OWNERS, look_after, tell_owners
        from muniment.sso.ways import way_to_confirm, way_to_sign_out

        for kind in KINDS:
            audit_kinds.register(kind.name, kind)
        job_handlers.register(LOOK_AFTER, look_after)
        job_handlers.register(TELL_OWNERS, tell_owners)
        schedules.register("sso", SCHEDULE)
        member_departures.register("sso", SsoDeparture())
        member_suspensions.register("sso", end_chat_sessions_of)
        profile_tabs.register("sso", ProfileTab(1, _("Single sign-on"), "sso:home", may_view))
        sign_in_doors.register("sso", SignInDoor(_("Sign in with your organisation"), "sso:sign_in", any_is_on))
        confirm_ways.register("sso", way_to_confirm)
        sign_out_ways.register("sso", way_to_sign_out)
