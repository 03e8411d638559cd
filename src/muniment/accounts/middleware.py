"""Sessions end: 12 hours after they were last used, and 7 days after sign-in whatever happens."""

from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from muniment.accounts.sessions import SEEN, STARTED, moment
from muniment.accounts.types import ABSOLUTE, IDLE
from muniment.core.clock import now

STEP = timedelta(
    minutes=5
)  # how exactly the last use is known: one write of the session in that time, not in each request


class SessionLifetime(MiddlewareMixin):
    """A stolen cookie is worth a week at most. A session without its times is none: it was not made by a sign-in."""

    def process_request(self, request: HttpRequest) -> None:
        session = request.session
        if SESSION_KEY not in session:
            return
        started, seen = moment(session, STARTED), moment(session, SEEN)
        if started is None or seen is None or now() - started >= ABSOLUTE or now() - seen >= IDLE:
            session.flush()
        elif now() - seen >= STEP:
            session[SEEN] = now().isoformat()
            session.set_expiry(min(started + ABSOLUTE, now() + IDLE))
