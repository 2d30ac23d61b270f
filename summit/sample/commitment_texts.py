"""What an organization of some kind may promise the network, in its own voice, and what would have happened anyway."""

from typing import NamedTuple

from summit.commitments.models import CommitmentCategory as Category
from summit.organizations.models import OrganizationKind as Kind


class CommitmentText(NamedTuple):
    """A promise with places for its figures: `{n}` the target, `{b}` the baseline, `{year}`, and whom it is for."""

    category: Category
    statement: str
    unit: str
    # Targets are drawn from here: smallest, largest, step.
    targets: tuple[int, int, int]
    baseline: str


COMMITMENTS = {
    Kind.UNIVERSITY: (
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Prepare {n} {subject} teachers by {year}, at least half of them for {who}.",
            "teachers prepared",
            (40, 400, 10),
            "We would have graduated about {b} anyway."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Open a one-year residency in {subject} and see {n} residents through it by {year}.",
            "residents completed",
            (12, 90, 6),
            "Without the network: the usual evening certificate, {b} people a year."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Win {n} science majors for teaching through early classroom visits, and license them by {year}.",
            "teachers licensed",
            (20, 160, 10),
            "In the past few years {b} majors found the way by themselves."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Follow {n} of our graduates through their first three years, with a visit each term, until {year}.",
            "graduates supported",
            (30, 240, 10),
            "Support ended with the diploma."
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Publish by {year} what {n} of our graduates tell us about what preparation missed.",
            "graduates surveyed",
            (60, 500, 20),
            "We surveyed {b} the year before, and kept the answers."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Train {n} mentor teachers by {year} and keep four in five of them for a second year.",
            "mentors trained",
            (30, 220, 10),
            "About {b} mentors a year, most of them for one year only."
        ),
        CommitmentText(
            Category.OTHER,
            "Rewrite {n} methods courses in {subject} with practising teachers by {year}.",
            "courses rewritten",
            (3, 14, 1),
            "One course a year, by the professor who teaches it."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Bring {n} technicians and engineers into {subject} classrooms by {year}, without a year unpaid.",
            "career changers licensed",
            (15, 90, 5),
            "{b} a year, nearly all of them with savings."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Double our intake of candidates for {who} and graduate {n} of them by {year}.",
            "teachers prepared",
            (30, 180, 10),
            "{b} would have come in any case."
        ),
    ),
    Kind.DISTRICT: (
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Keep nine in ten of our new {subject} teachers past their third year, for {n} teachers hired by {year}.",
            "teachers retained",
            (20, 160, 5),
            "Before, we kept about two in three."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Give {n} teachers a common planning hour each week by the fall of {year}.",
            "teachers with a shared hour",
            (30, 400, 10),
            "Planning was done at home; {b} teachers had an hour by luck."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Hire and host {n} residents in {subject} by {year}, each with a mentor down the hall.",
            "residents hosted",
            (8, 70, 2),
            "We took {b} student teachers a year where there was room."
        ),
        CommitmentText(
            Category.OTHER,
            "Teach science three hours a week in {n} elementary classrooms by {year}.",
            "classrooms",
            (40, 320, 10),
            "Twenty-five minutes a week on average; {b} classrooms were there already."
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Open {n} of our classrooms to teachers from neighboring districts by {year}.",
            "classrooms opened",
            (10, 60, 5),
            "Nobody had asked."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Create {n} lead-teacher positions that still teach half of the day, by {year}.",
            "positions",
            (6, 48, 2),
            "{b} department heads, with no time set aside."
        ),
        CommitmentText(
            Category.OTHER,
            "Offer physics in every one of our high schools by {year}, to {n} students a year.",
            "students a year",
            (90, 900, 30),
            "Two schools offered it, to {b} students."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "License {n} of our own classroom aides as teachers by {year}.",
            "teachers licensed",
            (12, 80, 4),
            "Perhaps {b}, at their own cost."
        ),
    ),
    Kind.SCHOOL: (
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Have each of our {n} science teachers visit a colleague twice a term until {year}.",
            "teachers visiting",
            (6, 24, 2),
            "Visits happened when someone was ill."
        ),
        CommitmentText(
            Category.OTHER,
            "Try {n} redesigned labs that fit one period, and publish all of them by {year}.",
            "labs published",
            (10, 48, 2),
            "We would have written about {b} and kept them."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Start {n} of our students on the way to teaching by {year}.",
            "students in the program",
            (15, 80, 5),
            "A club with {b} members."
        ),
    ),
    Kind.MUSEUM: (
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Work with {n} elementary teachers for a full year each by {year}.",
            "teachers in the program",
            (40, 360, 20),
            "Single-day workshops for about {b} of them."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Give {n} teacher candidates a paid summer of teaching on our floor by {year}.",
            "candidates employed",
            (20, 140, 10),
            "{b} summer jobs, filled by whoever applied."
        ),
        CommitmentText(
            Category.OTHER,
            "Lend {n} crates of specimens and instruments to {who} by {year}.",
            "crates lent",
            (60, 900, 20),
            "About {b} loans, mostly to schools nearby."
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Host {n} evenings by {year} at which families meet people who work in science.",
            "evenings",
            (12, 72, 4),
            "Two a year, with speeches."
        ),
        CommitmentText(
            Category.OTHER,
            "Write {n} units about {place} with teachers and share them openly by {year}.",
            "units shared",
            (6, 36, 2),
            "{b} leaflets for field trips."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Bring {n} teachers from {who} to us for a week, travel paid, by {year}.",
            "teachers",
            (24, 200, 8),
            "Those within an hour's drive, {b} or so."
        ),
    ),
    Kind.NONPROFIT: (
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Recruit and support {n} new teachers of {subject} in {who} by {year}.",
            "teachers recruited",
            (30, 420, 10),
            "We had planned for {b} with the money we had."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Coach {n} teachers in their first two years, every second week, until {year}.",
            "teachers coached",
            (40, 360, 20),
            "A call a month for {b} of them."
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Grow {n} teacher-led groups that no longer need us by {year}.",
            "groups",
            (8, 60, 2),
            "Our own groups, led by us: {b}."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Pay for {n} visits between classrooms, cover included, by {year}.",
            "classroom visits",
            (100, 1200, 50),
            "None; nobody paid for the cover."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Help {n} people of color through their licensing year in {subject} by {year}.",
            "teachers licensed",
            (20, 150, 5),
            "Counsel by phone; {b} were licensed in the three years before."
        ),
        CommitmentText(
            Category.OTHER,
            "Collect {n} tested lessons for {who} by {year} and throw out what does not work.",
            "lessons tested",
            (60, 480, 20),
            "A library of {b}, untested."
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Prepare {n} teachers to speak where policy is made, by {year}.",
            "teachers prepared",
            (30, 260, 10),
            "A handful, {b} or so, who went by themselves."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Match {n} lone science teachers with a partner in another school by {year}.",
            "pairs",
            (40, 300, 20),
            "They would still be alone."
        ),
        CommitmentText(
            Category.OTHER,
            "Run a summer of science for {n} elementary teachers by {year}, with four visits in the fall after.",
            "teachers",
            (60, 480, 20),
            "A summer week for {b}, and no visits."
        ),
    ),
    Kind.COMPANY: (
        CommitmentText(
            Category.OTHER,
            "Send {n} employees into classrooms, four times each, by {year}.",
            "employees",
            (20, 260, 10),
            "Career days for {b} of them."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Offer {n} paid summers in our labs to teachers of {subject} by {year}.",
            "summers",
            (10, 90, 5),
            "{b} places, unpaid."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Pay the licensing year of {n} of our people who want to teach, by {year}.",
            "people licensed",
            (6, 40, 2),
            "They would have left without a word, or stayed."
        ),
        CommitmentText(
            Category.OTHER,
            "Give {n} schools instruments with a repair contract by {year}.",
            "schools equipped",
            (20, 180, 10),
            "Used equipment, when we moved offices."
        ),
    ),
    Kind.FOUNDATION: (
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Fund residencies for {n} teachers in {subject} by {year} and publish what each one cost.",
            "teachers funded",
            (60, 500, 20),
            "We would have given the money to scholarships, for about {b}."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Fund three-year stipends for {n} lead teachers in {who} by {year}.",
            "teachers funded",
            (30, 220, 10),
            "Prizes for {b}, once."
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Give {n} small grants to pairs of partners who met through the network, by {year}.",
            "grants",
            (15, 120, 5),
            "Grants to single organizations, as always."
        ),
        CommitmentText(
            Category.OTHER,
            "Support {n} evaluations by {year} that may find that nothing worked, and publish each.",
            "evaluations",
            (4, 20, 2),
            "{b}, unpublished."
        ),
    ),
    Kind.AGENCY: (
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Train {n} principals to watch a science lesson and say something useful, by {year}.",
            "principals trained",
            (30, 280, 10),
            "The general course, which {b} take each year."
        ),
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Publish openings by subject for {n} districts each spring, from now until {year}.",
            "districts reporting",
            (12, 90, 3),
            "Counts in the fall, two years late."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "License {n} teachers of {subject} through a new route for {who} by {year}.",
            "teachers licensed",
            (40, 320, 20),
            "The regular route, about {b} over the same time."
        ),
        CommitmentText(
            Category.OTHER,
            "Share {n} science coaches among small districts by {year}.",
            "coaches shared",
            (4, 24, 1),
            "Each district on its own, and most with none."
        ),
    ),
    Kind.ASSOCIATION: (
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Have {n} members host a colleague from another state by {year}.",
            "visits hosted",
            (24, 240, 8),
            "We met at the yearly conference, {b} of us."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Hold {n} monthly calls for teachers who are alone in their subject, until {year}.",
            "calls held",
            (12, 60, 12),
            "A mailing list."
        ),
        CommitmentText(
            Category.OTHER,
            "Bring out {n} plain guides written by members by {year}.",
            "guides",
            (4, 24, 2),
            "A journal that {b} people read."
        ),
        CommitmentText(
            Category.INCREASE_SUPPLY,
            "Ask every member to bring one person into teaching: {n} by {year}.",
            "people brought in",
            (40, 400, 20),
            "It happens already, perhaps {b} times; nobody counts."
        ),
    ),
    Kind.OTHER: (
        CommitmentText(
            Category.BUILD_MOVEMENT,
            "Tell the stories of {n} teachers who stayed, in their own voices, by {year}.",
            "stories",
            (20, 120, 10),
            "News about those who leave."
        ),
        CommitmentText(
            Category.OTHER,
            "Open {n} evenings with homework help in science, by teachers to be, until {year}.",
            "evenings",
            (40, 240, 20),
            "A quiet room and {b} volunteers."
        ),
        CommitmentText(
            Category.RETAIN_EXCELLENCE,
            "Give {n} teachers a free place to meet and plan, each month until {year}.",
            "teachers meeting",
            (20, 160, 10),
            "They met in cafes, {b} of them."
        ),
    ),
}

SUBJECTS = (
    "physics",
    "chemistry",
    "mathematics",
    "computer science",
    "biology",
    "earth science",
    "engineering",
    "middle-grades science",
)

RECEIVERS = (
    "rural schools",
    "schools that lost a third of their teachers",
    "small high schools",
    "the schools that find it hardest to hire",
    "schools on tribal lands and near them",
    "city schools with open positions in August",
    "schools with many multilingual learners",
    "districts without a science coach",
)
