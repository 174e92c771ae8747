"""Work that reconciliation does later: matching, stretch by stretch, and looking again at what may settle itself."""

from django.conf import settings

from kernel import work
from kernel.sweeps import register_sweep
from reconciliation.models import MatchChunk
from reconciliation.services.fetch_statements import fetch_due
from reconciliation.services.match_statement import match_chunk
from reconciliation.services.recheck_differences import recheck_differences

work.register(MatchChunk, match_chunk)
register_sweep("recheck_differences", 60, recheck_differences)
if settings.OMS_SIMULATOR:
    register_sweep("fetch_statements", 3600, fetch_due)
