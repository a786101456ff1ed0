"""Tables, one noun a file: plain typed SQLAlchemy that has never heard of Flask."""

from booking.models.attendance_import import AttendanceImport
from booking.models.attendance_list import AttendanceList
from booking.models.base import Base
from booking.models.booking import Booking, BookingChange, NeedRequest, Place
from booking.models.call import Call
from booking.models.complaint import Complaint, ComplaintNote
from booking.models.door import DoorDevice, DoorEvent
from booking.models.draft import Draft
from booking.models.erasure import Erasure
from booking.models.event import Event, MayCome, Series, Slot
from booking.models.family import Adult, Consent, Family, FamilyJoin, NamePart, RememberedNeed
from booking.models.feedback import Feedback
from booking.models.head_count import HeadCount
from booking.models.heard import Heard, HeardFile
from booking.models.inbound import Inbound
from booking.models.issue import Issue, IssueUpdate
from booking.models.message import Message
from booking.models.note import Note
from booking.models.place_report import PlaceReport
from booking.models.pupil_count import PupilCount
from booking.models.snapshot import Snapshot, SnapshotBundle
from booking.models.staff import AuditEntry, Duty, HeldForm, Role, SignIn, Staff
from booking.models.subscription import Subscription, Told
from booking.models.supplier import Supplier
from booking.models.target import TargetValue
from booking.models.venue import Photo, Room, Venue, VenueFact, VenueHire
from booking.models.wish import Wish

__all__ = [
    "Adult",
    "AttendanceImport",
    "AttendanceList",
    "AuditEntry",
    "Base",
    "Booking",
    "BookingChange",
    "Call",
    "Complaint",
    "ComplaintNote",
    "Consent",
    "DoorDevice",
    "DoorEvent",
    "Draft",
    "Duty",
    "Erasure",
    "Event",
    "Family",
    "FamilyJoin",
    "Feedback",
    "HeadCount",
    "Heard",
    "HeardFile",
    "HeldForm",
    "Inbound",
    "Issue",
    "IssueUpdate",
    "MayCome",
    "Message",
    "NamePart",
    "NeedRequest",
    "Note",
    "Photo",
    "Place",
    "PlaceReport",
    "PupilCount",
    "RememberedNeed",
    "Role",
    "Room",
    "Series",
    "SignIn",
    "Slot",
    "Snapshot",
    "SnapshotBundle",
    "Staff",
    "Subscription",
    "Supplier",
    "TargetValue",
    "Told",
    "Venue",
    "VenueFact",
    "VenueHire",
    "Wish",
]
