"""Districts."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model


class District(Model):
    """A part of the city. `population` is None where nobody stated it."""

    __tablename__ = "district"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    population: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
