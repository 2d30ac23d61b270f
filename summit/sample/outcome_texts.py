"""What came of it: follow-ups of two honest sentences, failures included, and what the other side says to them.

Written by one of the two; `{them}` is the other's first name, `{thing}` what was shared.
"""

from summit.connections.models import FollowUpKind as Kind

# Each kind has first sentences and second sentences; any two of a kind go together.
FOLLOW_UPS = {
    Kind.LEARNED: (
        (
            "I learned from {them} why our mentors leave: nobody tells them what the candidate did afterwards.",
            "{them} showed me that the {thing} works only with time set aside for it.",
            "From {them} I heard that they had dropped the very thing we were about to start.",
            "The {thing} answered a question we had argued about for a year.",
            "{them} walked me through the {thing}, with the mistakes left in.",
            "I understood on the call with {them} that our numbers count the wrong people.",
            "What I took from {them} is a question: who covers the class?",
            "{them} told me what it really costs, which is twice what we had planned.",
        ),
        (
            "We have changed nothing yet, but we stopped one plan.",
            "I told our board, and they asked better questions than before.",
            "It would have taken us two years to find out.",
            "We will look at it again in the spring.",
            "Half of my team agrees, the other half wants to see for themselves.",
            "It is written on the wall of our office now.",
            "I wish I had asked three years ago.",
            "It doesn't solve our problem, but I know now which problem it is.",
        ),
    ),
    Kind.ADAPTED: (
        (
            "We run {them}'s {thing} with our second cohort since the fall.",
            "We took the {thing} and cut it to a page.",
            "Our coaches use the {thing} in four schools, in a shorter form.",
            "The {thing} did not fit a district of our size, so we kept only the first part.",
            "We rebuilt the {thing} for rural schools, where one person teaches everything.",
            "Three of our teachers rewrote the {thing} in their own words.",
            "We tried the {thing} exactly as {them} does it, and then our own way.",
            "We moved the {thing} from summer to October.",
        ),
        (
            "Two schools dropped out; the rest want to go on.",
            "It works better for new teachers than for those who have been here long.",
            "Mentors like it, principals are not so sure.",
            "We don't have figures yet, only fewer complaints.",
            "It saved each coach about an hour a week.",
            "The first try went badly, the second one well.",
            "We gave the new version back to them.",
            "Nobody would go back to the old form.",
        ),
    ),
    Kind.SHARED_DATA: (
        (
            "We exchanged three years of retention figures, without names.",
            "{them} sent us vacancy counts by subject, and we sent ours.",
            "Both sides filled in the same nine questions for their first-years.",
            "We put the intake figures of both places into one sheet.",
            "We let {them} see our survey, the bad year too.",
            "{them} shared what the program costs per teacher.",
            "Our analysts talked for an hour and now use the same definitions.",
        ),
        (
            "The two curves look alike until year two, then ours drops.",
            "It turned out that we count part-time teachers differently.",
            "The agreement took longer than the analysis.",
            "Eleven cases are too few to say anything, and we say so.",
            "Our lawyers asked for one more page; we wrote it.",
            "We will do it again next year with two more partners.",
            "It was less flattering than we had hoped.",
        ),
    ),
    Kind.GAVE_HELP: (
        (
            "I spent an afternoon with {them}'s team on the {thing}.",
            "Our coach took part in two of {them}'s planning meetings.",
            "I read their draft and marked what had not worked for us.",
            "We lent {them} a crate of sensors for six weeks.",
            "Two of our mentors called two of theirs.",
            "I introduced {them} to our state agency contact.",
            "We sent the {thing} and answered about twenty questions.",
            "I spoke to {them}'s principals for an hour, mostly about timetables.",
        ),
        (
            "They started with one school instead of four, which was wise.",
            "Whether it helped we will know in June.",
            "I got more out of it than I gave, I think.",
            "The crate came back complete, which is rare.",
            "They decided against it in the end, for good reasons.",
            "Since then they call when they are stuck, which is fine with us.",
            "It took one evening and three cups of tea.",
            "They have funding for it now.",
        ),
    ),
    Kind.MET_AGAIN: (
        (
            "We met again at {them}'s site, with both teams.",
            "We have a call on the first Thursday of each month now.",
            "{them} came to see our residents teach.",
            "We sat together for a day at a regional meeting.",
            "Our teams met by video, nine people in all.",
            "We met halfway for lunch, as promised.",
            "{them} spoke to our mentors in the fall.",
        ),
        (
            "Next time the teachers will set the agenda.",
            "We agreed on one thing and gave up two.",
            "It was good to see the rooms we had only talked about.",
            "No result to show yet, but a date for the next one.",
            "The best part was the drive to the second school.",
            "Two of the teachers write to each other since then.",
            "We should have invited a principal.",
        ),
    ),
    Kind.NO_RESULT: (
        (
            "We never found a date.",
            "I sent the {thing} and it did not fit their rules.",
            "The colleague who wanted this left in the winter.",
            "We talked once, and it became clear that we need different things.",
            "Our budget was cut, and this was the first thing to go.",
            "The {thing} turned out to be nothing without the person who runs it.",
            "I forgot, and then it was too late to be useful.",
            "The board said no.",
        ),
        (
            "No hard feelings on either side.",
            "Better to know it than to carry it along.",
            "We would try again under another superintendent.",
            "Still glad that we talked.",
            "I would start smaller next time.",
            "It was my turn, and I let it lie.",
            "We may come back to it next year.",
            "Somebody with a larger team might make it work.",
        ),
    ),
}

# The other side's "not quite", with words of their own.
AMENDMENTS = (
    "True, but it was two schools and not four.",
    "We did start, though only with the teachers who had volunteered.",
    "It was my colleague who did the work; please name the team.",
    "The figures are from last year, this year's are lower.",
    "Yes, except that we have stopped in the meantime.",
    "I would say that we learned at least as much from you.",
    "We use one page of it, not the whole.",
    "It helped with the principals, not with the mentors.",
)

AMENDMENTS_TO_NOTHING = (
    "I would not call it nothing; we still talk about it here.",
    "It was on us, not on you.",
    "We may yet come to it in the spring.",
    "For us there was a result: we know now what we don't want.",
)

# The other side's "no".
DENIALS = (
    "I don't think that this came from our talk.",
    "That must have been somebody else; we have not used it.",
    "We never got around to it on our side.",
    "I don't remember it this way, let's talk.",
)
