"""Every address of this API."""

from muniment.api.v1 import conversations, elsewhere, pages, projects, sources
from muniment.api.v1.door import new_api

api = new_api()
for part in (projects, pages, sources, conversations, elsewhere):
    for method, path, name, view in part.ROUTES:
        api.api_operation([method], path, url_name=name, operation_id=name)(view)
