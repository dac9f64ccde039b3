"""What is said and given to do at the synthetic discussions. Invented; no real family's words."""

from typing import Final

from schema.meetings import Agency, MayBeTold

HEARD: Final = (
    "He goes to his room and puts the music on.",
    "She said she listens for the car coming back.",
    "He said he holds the phone in case.",
    "She did not want to talk; she drew the house without a door.",
)
SEEN: Final = (
    "At school every day, tired on Mondays.",
    "With the grandmother at weekends.",
    "Health visitor sees a lively child who startles at noise.",
    "Two changes of school in a year.",
)
SHARED: Final[tuple[tuple[Agency, str, MayBeTold], ...]] = (
    ("police", "Calls to the address this year, and the conditions of bail.", "no"),
    ("health", "Missed appointments since the spring; nothing known of injuries.", "yes"),
    ("education", "Attendance and what the form tutor has noticed.", "ask_its_owner"),
)
#: (owner, what, the outcome sought)
ACTIONS: Final[tuple[tuple[Agency, str, str], ...]] = (
    ("police", "Check that the conditions of bail are kept, with a visit in the evening", "He is not at the address"),
    ("health", "Health visitor sees mother and child at home", "Sleep and weight are known, and what mother needs"),
    ("childrens_social_care", "See each child alone at school", "Their own words are on record"),
    ("police", "Fit an alarm at the address", "A call is answered at once"),
    ("health", "School nurse rings the surgery about earlier injuries", "The history is complete"),
    ("childrens_social_care", "Agree a safety plan with the mother by telephone", "Somewhere to go tonight"),
)
