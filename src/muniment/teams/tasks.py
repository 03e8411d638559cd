"""Background work of this room."""

from muniment.core.errors import NotFoundError
from muniment.core.registries import RunningJob, claim_steps
from muniment.teams.selectors import actor_by_ids


def run_claim_steps(job: RunningJob) -> None:
    """What other rooms prepare for the first owner. Every step is idempotent: a killed run starts again."""
    if job.team is None:
        raise NotFoundError("The claim has no team.")
    owner = actor_by_ids(user=int(job.payload["user"]), team=job.team)
    for name in claim_steps:
        claim_steps.get(name)(owner)
