"""Gateways and routes, as an operator keeps them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.routes.models import Gateway, Route


class Gateways:
    """The book of gateways and of the routes that lead to them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[Gateway]:
        """Every gateway, by name."""
        return self._session.scalars(select(Gateway).order_by(Gateway.name)).all()

    def by_name(self, name: str) -> Gateway | None:
        """The gateway that has this name in the switch."""
        return self._session.scalar(select(Gateway).where(Gateway.name == name))

    def add(self, name: str, **chosen: object) -> Gateway:
        """Keep a gateway; `chosen` are its columns."""
        gateway = Gateway(name=name, **chosen)
        self._session.add(gateway)
        self._session.flush()
        return gateway

    def rest(self, gateway: Gateway, until: datetime) -> None:
        """Use it only where nothing else is left, until then."""
        gateway.rests_until = until
        gateway.rests = max(1, gateway.rests)

    def wake(self, gateway: Gateway) -> None:
        """Forget what was wrong with it."""
        gateway.faults = gateway.rests = 0
        gateway.rests_until = None

    # --- routes ----------------------------------------------------------------

    def routes(self) -> Sequence[tuple[Route, str]]:
        """Every route, with its gateway's name: by prefix, in the order of trying."""
        wanted = select(Route, Gateway.name).join(
            Gateway, Gateway.id == Route.gateway_id
        )
        order = (Route.prefix, Route.priority, Gateway.name)
        return [
            (route, name)
            for route, name in self._session.execute(wanted.order_by(*order))
        ]

    def route(self, prefix: str, gateway: Gateway) -> Route | None:
        """The route by which that prefix comes to a gateway."""
        return self._session.scalar(
            select(Route).where(Route.prefix == prefix, Route.gateway_id == gateway.id)
        )

    def lead(
        self,
        prefix: str,
        gateway: Gateway,
        *,
        priority: int = 1,
        weight: int = 1,
        is_on: bool = True,
    ) -> Route:
        """Let a prefix leave by a gateway, or change how it does."""
        route = self.route(prefix, gateway)
        if route is None:
            route = Route(prefix=prefix, gateway_id=gateway.id)
            self._session.add(route)
        route.priority, route.weight, route.is_on = priority, weight, is_on
        self._session.flush()
        return route

    def close(self, prefix: str, gateway: Gateway) -> bool:
        """Let a prefix leave by a gateway no more; False if it did not."""
        found = self.route(prefix, gateway)
        if found is None:
            return False
        self._session.execute(delete(Route).where(Route.id == found.id))
        return True
