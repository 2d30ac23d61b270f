"""What people promise each other: next steps, composed so that few of them are alike.

`{them}` is the first name of the person who gets something, `{thing}` something from the shelf of the theme.
"""

from summit.sample.challenge_texts import ELEMENTARY, GROWTH, LEADERSHIP, MATERIALS, PREPARATION, PRESTIGE, VALUE

# Things worth sending, by theme; each reads well after "our" and after "the".
THINGS = {
    PRESTIGE: (
        "retention pay figures",
        "one-credit course syllabus",
        "parent evening plan",
        "set of teacher portraits",
        "list of questions for career changers",
        "future-teacher club handbook",
        "externship contract",
    ),
    PREPARATION: (
        "mentor interview guide",
        "host classroom checklist",
        "district agreement",
        "residency budget",
        "alumni survey",
        "first-hundred-days calendar",
        "vacancy forecast",
        "mentor contract",
        "methods course outline",
    ),
    ELEMENTARY: (
        "kitchen-table lab list",
        "science-through-reading timetable",
        "shoebox of number games",
        "coaching log",
        "outdoor morning plan",
        "tally of science minutes",
        "maker cart inventory",
    ),
    GROWTH: (
        "lesson study protocol",
        "common planning schedule",
        "video visit rules",
        "fall follow-up calendar",
        "three-year growth path",
        "student work protocol",
        "evaluator training outline",
    ),
    LEADERSHIP: (
        "hybrid role descriptions",
        "teacher-led grant rules",
        "principal day agenda",
        "testimony practice sheet",
        "starter kit for teacher groups",
        "eight-point pacing guide",
    ),
    VALUE: (
        "nine-question lab survey",
        "family night game",
        "walk-through guide for principals",
        "algebra recommendation form",
        "bridge course schedule",
        "shared physics teacher agreement",
    ),
    MATERIALS: (
        "curriculum scoring sheet",
        "lab rota",
        "consumables order list",
        "river unit",
        "brief for classroom guests",
        "loan calendar for probes",
        "repair fund rules",
    ),
}

SENDING = (
    "Send {them} our {thing}",
    "Send {them} our {thing} and a page on what we would change",
    "Share our {thing} with {them}, comments left in",
    "Share our {thing} with {them} before the budget meeting",
    "Send {them} the {thing}, the old version too",
    "Dig out our {thing} and send it to {them}",
    "Ask our team whether {them} may use the {thing}, and send it",
    "Mail {them} a copy of the {thing} with last year's figures",
    "Read the {thing} {them} sent and answer with three questions",
    "Try the {thing} with one group and tell {them} how it went",
    "Translate our {thing} into plain words for {them}",
    "Get permission to share the {thing} with {them}",
)

PEOPLE_TO_MEET = (
    "our field placement coordinator",
    "the principal at our pilot school",
    "our evaluator",
    "two second-year residents",
    "a mentor who stayed nine years",
    "our finance person, who knows what it really cost",
    "the teacher who wrote it",
    "our state agency contact",
    "the union representative who helped us",
    "a graduate who left, and is willing to say why",
    "our newest coach",
    "the dean",
    "someone at the county who says yes",
    "our data analyst",
)

INTRODUCING = (
    "Introduce {them} to {person}",
    "Set up half an hour between {them} and {person}",
    "Put {them} in touch with {person}",
    "Ask {person} to call {them}",
)

TOGETHER = (
    "Book a half-hour call with both mentor teams",
    "Draft a two-page plan for a shared summer week",
    "Compare our intake numbers side by side",
    "Sit in on one of {them}'s coaching calls",
    "Visit {them}'s site for a day in the fall",
    "Write one page together on what failed",
    "Find a date for a joint call with our principals",
    "Pick one school on each side for a trial",
    "Agree on three questions to ask both cohorts",
    "Put both budgets in one sheet and look for the gap",
    "Propose a joint session for the next gathering",
    "Swap one coach for a week",
    "Look for a funder who would pay for visits both ways",
    "Call in three weeks, whatever happened until then",
    "Test the survey on ten teachers each",
    "Exchange letters between our first-year teachers",
    "Plan one lab together and teach it in both places",
    "Meet halfway for lunch and settle the data question",
    "List what we would both stop doing",
    "Ask our teachers whether they want to write to each other",
)

SMALLER_STEPS = (
    "Send {them} only the two pages that matter",
    "Talk for fifteen minutes instead of meeting",
    "Wait for the new semester, then send the {thing}",
    "Send {them} a summary; the full {thing} has names in it",
    "Ask a colleague to show {them} the {thing}",
    "Start with one school rather than four",
)

# What one side writes down after a conversation.
NOTE_OPENINGS = (
    "Knows the licensing people well.",
    "Has tried this twice already and is frank about it.",
    "Prefers a call to an email.",
    "Very clear about what they can't do.",
    "New in the job, takes over a program in trouble.",
    "Grew up two towns from us.",
    "Speaks for a larger group than I thought.",
    "Wants numbers before stories.",
    "Wants stories before numbers.",
    "Has a board meeting in the spring that decides everything.",
    "Runs the program with one colleague and a student.",
    "We talked mostly about principals.",
    "Skeptical at first, with reason.",
    "Left industry for this nine years ago.",
    "Their budget is a third of ours and reaches further.",
    "Funny, and asks hard questions.",
)

NOTE_ENDINGS = (
    "Ask again in spring.",
    "Their pilot ends in June.",
    "Offer the cover budget if it comes up.",
    "Mention the shared calendar next time.",
    "Do not push the survey on them.",
    "Could be right for the working group on mentors.",
    "Bring our finance person to the next call.",
    "Send less than I wanted to send.",
    "Their dean has to agree first.",
    "Would host a visit in October.",
    "Needs it in Spanish as well.",
    "Look up their second school before calling.",
    "Promised nothing, and that was fine.",
    "They may have a coach to lend.",
    "Remember to say thanks for the chemistry kit.",
    "Check who else from their office is coming next year.",
)
