from muniment.core.errors import MunimentError


class JobLostError(MunimentError):
    """The worker does not hold the job any more: cancelled, being stopped, or taken over after its lease ran out.

    A handler lets it pass. Whatever the handler did in the control plane under `complete_with` is rolled back.
    """
