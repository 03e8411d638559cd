"""Who leaves a team is known to its providers no more."""

from collections.abc import Mapping

from muniment.core.registries import Departure
from muniment.sso.chat_users import end_chat_sessions_of
from muniment.sso.models import Identity


class SsoDeparture:
    """As `core.registries.MemberDeparture`. Attack stopped: who was removed comes back by the provider as before."""

    def preview(self, departure: Departure) -> Mapping[str, int]:  # noqa: ARG002 - nothing is at stake
        return {}

    def delete(self, departure: Departure) -> None:
        end_chat_sessions_of(departure.team, departure.user)
        Identity.objects.filter(connection__team=departure.team, user=departure.user).delete()

    def transfer(self, departure: Departure) -> None:
        """Who somebody is goes to nobody."""
        self.delete(departure)
