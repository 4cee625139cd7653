"""The workflow: tables of families, kinds and chains, and the rules that move an application along. Pure."""

from .acts import Act, Refusal, RefusalCode
from .chain import STAFF_ACTIONS, Action, Kind, Role, StepRule, Table
from .people import Deputation, Duty, Mandate, Offer, mandate_at, next_actions, units_at
from .reading import Fault, InvalidTable, Reading
from .rules import apply, own_action, submitted, unit_of
from .standing import Filing, Standing, decode_standing, encode_standing
from .status import Suspended, state_of, status_of, step_at_work, unit_at_work
from .tables import read_table, shipped_sources, shipped_tables

__all__ = [
    "STAFF_ACTIONS",
    "Act",
    "Action",
    "Deputation",
    "Duty",
    "Fault",
    "Filing",
    "InvalidTable",
    "Kind",
    "Mandate",
    "Offer",
    "Reading",
    "Refusal",
    "RefusalCode",
    "Role",
    "Standing",
    "StepRule",
    "Suspended",
    "Table",
    "apply",
    "decode_standing",
    "encode_standing",
    "mandate_at",
    "next_actions",
    "own_action",
    "read_table",
    "shipped_sources",
    "shipped_tables",
    "state_of",
    "status_of",
    "step_at_work",
    "submitted",
    "unit_at_work",
    "unit_of",
    "units_at",
]
