"""The pages of enquiries and conferences."""

from typing import Any, Final

from service.enquiries.pages import conference, enquiry, listing, starting

handlers: Final[list[Any]] = [*listing.handlers, *starting.handlers, *enquiry.handlers, *conference.handlers]
