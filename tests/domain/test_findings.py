"""A price is found by a number's own prefixes, however long the list."""

import pytest
from sqlalchemy import text

from domain.database import engine_for
from domain.tariffs.findings import _ALL, _bound
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from tests.people import ANNA, NOON, OFFICE

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.parametrize("is_analysed", [False, True])
def test_postgresql_never_reads_through_a_list_that_it_takes_for_short(
    database, town, is_analysed
):
    """Among thousands of accounts' own small lists a plan's seems short as well."""
    with town.transaction() as services:
        lines = [Line(f"48{number:04}", Rate(1)) for number in range(3_000)]
        services.tariffs.replace(services.tariffs.plan(town.plan_id), lines, NOON)
        for number in range(300):
            other = services.tariffs.create(f"small {number}", "USD")
            services.tariffs.replace(other, [Line("48", Rate(1))], NOON)
    of = {"account_id": 1, "plan_id": town.plan_id, "other_plan_id": None, "at": NOON}
    engine = engine_for(database)
    with engine.connect() as connection:
        if is_analysed:
            connection.execute(text("ANALYZE"))
        connection.execute(text("SET enable_seqscan = off"))  # the tables are small
        asked = _ALL["postgresql"].compile(engine)
        values = asked.construct_params(of | _bound([ANNA, OFFICE], "postgresql"))
        plan = connection.exec_driver_sql(f"EXPLAIN {asked}", values).scalars().all()
    engine.dispose()

    conditions = [step for step in plan if "Index Cond: ((list_id =" in step]
    assert len(conditions) == 1, "\n".join(plan)
    assert "(prefix =" in conditions[0]
