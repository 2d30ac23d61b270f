"""What those who prepare and employ teachers may promise, in their own voice."""

from summit.commitments.models import CommitmentCategory as Category
from summit.organizations.models import OrganizationKind as Kind
from summit.sample.commitment_texts import CommitmentText

EDUCATORS = {
    Kind.UNIVERSITY: (
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Prepare {n} {subject} teachers by {year}, at least half of them for {who}.",
            "teachers prepared",
            (40, 400, 10),
            "We would have graduated about {b} anyway.",
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Open a one-year residency in {subject} and see {n} residents through it by {year}.",
            "residents completed",
            (12, 90, 6),
            "Without the network: the usual evening certificate, {b} people a year.",
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Win {n} science majors for teaching through early classroom visits, and license them by {year}.",
            "teachers licensed",
            (20, 160, 10),
            "In the past few years {b} majors found the way by themselves.",
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Follow {n} of our graduates through their first three years, with a visit each term, until {year}.",
            "graduates supported",
            (30, 240, 10),
            "Support ended with the diploma.",
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Publish by {year} what {n} of our graduates tell us about what preparation missed.",
            "graduates surveyed",
            (60, 500, 20),
            "We surveyed {b} the year before, and kept the answers.",
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Train {n} mentor teachers by {year} and keep four in five of them for a second year.",
            "mentors trained",
            (30, 220, 10),
            "About {b} mentors a year, most of them for one year only.",
        ),
        CommitmentText(
            Category.OTHER,
            "Rewrite {n} methods courses in {subject} with practising teachers by {year}.",
            "courses rewritten",
            (3, 14, 1),
            "One course a year, by the professor who teaches it.",
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Bring {n} technicians and engineers into {subject} classrooms by {year}, without a year unpaid.",
            "career changers licensed",
            (15, 90, 5),
            "{b} a year, nearly all of them with savings.",
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Double our intake of candidates for {who} and graduate {n} of them by {year}.",
            "teachers prepared",
            (30, 180, 10),
            "{b} would have come in any case.",
        ),
    ),
    Kind.DISTRICT: (
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Keep nine in ten of our new {subject} teachers past their third year, for {n} teachers hired by {year}.",
            "teachers retained",
            (20, 160, 5),
            "Before, we kept about two in three.",
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Give {n} teachers a common planning hour each week by the fall of {year}.",
            "teachers with a shared hour",
            (30, 400, 10),
            "Planning was done at home; {b} teachers had an hour by luck.",
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Hire and host {n} residents in {subject} by {year}, each with a mentor down the hall.",
            "residents hosted",
            (8, 70, 2),
            "We took {b} student teachers a year where there was room.",
        ),
        CommitmentText(
            Category.OTHER,
            "Teach science three hours a week in {n} elementary classrooms by {year}.",
            "classrooms",
            (40, 320, 10),
            "Twenty-five minutes a week on average; {b} classrooms were there already.",
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Open {n} of our classrooms to teachers from neighboring districts by {year}.",
            "classrooms opened",
            (10, 60, 5),
            "Nobody had asked.",
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Create {n} lead-teacher positions that still teach half of the day, by {year}.",
            "positions",
            (6, 48, 2),
            "{b} department heads, with no time set aside.",
        ),
        CommitmentText(
            Category.OTHER,
            "Offer physics in every one of our high schools by {year}, to {n} students a year.",
            "students a year",
            (90, 900, 30),
            "Two schools offered it, to {b} students.",
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "License {n} of our own classroom aides as teachers by {year}.",
            "teachers licensed",
            (12, 80, 4),
            "Perhaps {b}, at their own cost.",
        ),
    ),
    Kind.SCHOOL: (
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Have each of our {n} science teachers visit a colleague twice a term until {year}.",
            "teachers visiting",
            (6, 24, 2),
            "Visits happened when someone was ill.",
        ),
        CommitmentText(
            Category.OTHER,
            "Try {n} redesigned labs that fit one period, and publish all of them by {year}.",
            "labs published",
            (10, 48, 2),
            "We would have written about {b} and kept them.",
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Start {n} of our students on the way to teaching by {year}.",
            "students in the program",
            (15, 80, 5),
            "A club with {b} members.",
        ),
    ),
    Kind.AGENCY: (
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Train {n} principals to watch a science lesson and say something useful, by {year}.",
            "principals trained",
            (30, 280, 10),
            "The general course, which {b} take each year.",
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Publish openings by subject for {n} districts each spring, from now until {year}.",
            "districts reporting",
            (12, 90, 3),
            "Counts in the fall, two years late.",
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "License {n} teachers of {subject} through a new route for {who} by {year}.",
            "teachers licensed",
            (40, 320, 20),
            "The regular route, about {b} over the same time.",
        ),
        CommitmentText(
            Category.OTHER,
            "Share {n} science coaches among small districts by {year}.",
            "coaches shared",
            (4, 24, 1),
            "Each district on its own, and most with none.",
        ),
    ),
}
