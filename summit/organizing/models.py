"""What the organizer's desk keeps for a moment."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from summit.database import AwareDateTime, Base


class ImportDraft(Base):
    """An uploaded attendee spreadsheet between its dry run and its import; deleted after use, or after a day."""

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), index=True)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)
    file_name: Mapped[str] = mapped_column(String(120), default="")
    data: Mapped[bytes] = mapped_column(LargeBinary)
