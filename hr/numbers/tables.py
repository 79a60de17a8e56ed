"""The last number of every series."""

from sqlmodel import Field, SQLModel


class RunningNumber(SQLModel, table=True):
    """The last running number given out in a series, such as `OFF-2026`."""

    __tablename__ = "running_number"

    series: str = Field(primary_key=True)
    last: int
