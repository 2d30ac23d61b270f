"""The sample's map: sixty invented challenges under the seven themes, and which of them everybody talks about."""

from typing import NamedTuple

PRESTIGE = "Prestige"
PREPARATION = "Preparation"
ELEMENTARY = "Elementary STEM"
GROWTH = "Professional Growth"
LEADERSHIP = "Teacher Leadership"
VALUE = "Value of Science, Technology, and Engineering"
MATERIALS = "Instructional Materials"

THEMES = (PRESTIGE, PREPARATION, ELEMENTARY, GROWTH, LEADERSHIP, VALUE, MATERIALS)


class ChallengeText(NamedTuple):
    """A challenge as the map shows it."""

    title: str
    themes: tuple[str, ...]
    description: str


# What comes first is named most often; the rest follows in an order drawn from the seed.
POPULAR = (
    "Keeping mentors past year two",
    "Elementary teachers' fear of science",
    "Time to plan together during the day",
    "Lab time in small schools",
    "The first hundred days on the job",
    "Coaching from teacher to teacher",
)

# Many ask about it and nobody offers anything: the organizers' desk should have something to find.
UNANSWERED = "Teachers prepared for small rural schools"

CHALLENGES = (
    ChallengeText(
        "Keeping mentors past year two",
        (PREPARATION, LEADERSHIP),
        "Experienced teachers say yes to mentoring a student teacher once or twice, and then quietly stop. "
        "Programs rebuild their pool of mentors every fall and lose what the last group had learned.",
    ),
    ChallengeText(
        "Placements where good science is taught",
        (PREPARATION,),
        "A candidate learns most from the room they stand in for a year. Too many of those rooms are chosen "
        "because someone answered the phone.",
    ),
    ChallengeText(
        "The first hundred days on the job",
        (PREPARATION,),
        "New science teachers are handed the hardest timetable in the building. Many decide before winter whether "
        "they will stay.",
    ),
    ChallengeText(
        "Programs that never talk to the district next door",
        (PREPARATION,),
        "The people who prepare teachers and the people who hire them plan separate calendars a few miles apart. "
        "Each side finds out in August what the other needed in March.",
    ),
    ChallengeText(
        "Content exams that turn good candidates away",
        (PREPARATION,),
        "A single test date decides whether a candidate may teach physics. Some of the people turned away had "
        "taught it well for a year under supervision.",
    ),
    ChallengeText(
        "Knowing how many teachers will be needed",
        (PREPARATION,),
        "Most states count vacancies in September, when it is too late to prepare anyone. Nobody publishes a "
        "forecast that a program could plan its intake on.",
    ),
    ChallengeText(
        "What became of our graduates",
        (PREPARATION,),
        "Few programs can say where their graduates teach three years later, let alone how it goes. Without that, "
        "every revision of the program is a guess.",
    ),
    ChallengeText(
        "Career changers with a mortgage",
        (PREPARATION,),
        "Engineers and lab technicians ask about teaching and then see a year without pay. The ones who go ahead "
        "often are those who could afford to anyway.",
    ),
    ChallengeText(
        "Engineering design in methods courses",
        (PREPARATION, MATERIALS),
        "Candidates are expected to teach engineering design and have rarely done any. Methods courses have one "
        "week for it, between safety and assessment.",
    ),
    ChallengeText(
        "Faculty who teach the way they ask others to teach",
        (PREPARATION,),
        "Candidates hear a lecture about active learning and notice. What they copy later is the lecture.",
    ),
    ChallengeText(
        "Teachers prepared for small rural schools",
        (PREPARATION,),
        "In a small school one person teaches biology, chemistry, physics and sometimes shop. Preparation rarely "
        "says so.",
    ),
    ChallengeText(
        "Learning to teach multilingual science classes",
        (PREPARATION,),
        "Half of our new teachers meet a class with six home languages in their first week. They know it matters "
        "and have practised it once.",
    ),
    ChallengeText(
        "Science majors who never hear of teaching",
        (PRESTIGE,),
        "Undergraduates in science are told about graduate school and industry, and never about a classroom. By "
        "the time somebody mentions it, they have signed elsewhere.",
    ),
    ChallengeText(
        "Pay that falls behind after year five",
        (PRESTIGE,),
        "The first salary is often close to what a lab pays. Ten years on, the gap is the price of a house.",
    ),
    ChallengeText(
        "Parents who talk their children out of teaching",
        (PRESTIGE,),
        "Seventeen-year-olds who would like to teach often stop at the kitchen table. Families fear for their "
        "income and have heard one bad story too many.",
    ),
    ChallengeText(
        "Honors that teachers themselves respect",
        (PRESTIGE, LEADERSHIP),
        "Prizes for teachers are handed out by people they have never met, for work nobody saw. Colleagues shrug, "
        "and the winner is asked to speak at lunches.",
    ),
    ChallengeText(
        "Future-teacher clubs that lead somewhere",
        (PRESTIGE,),
        "High schools start clubs for students who may want to teach, and the club ends with graduation. Nobody "
        "keeps in touch until they would be ready to apply.",
    ),
    ChallengeText(
        "Telling the truth about turnover",
        (PRESTIGE,),
        "Stories about teachers who leave travel faster than those about the ones who stay. Recruiting gets harder"
        " each time, in the very places that need it most.",
    ),
    ChallengeText(
        "Industry leave that ends back in the classroom",
        (PRESTIGE,),
        "A summer in industry can refresh a teacher, or take them away for good. Few programs know which of the "
        "two they are running.",
    ),
    ChallengeText(
        "Men of color in science classrooms",
        (PRESTIGE,),
        "Boys can finish school without one science teacher who looks like them. Programs recruit them and then "
        "leave them alone in the cohort.",
    ),
    ChallengeText(
        "Elementary teachers' fear of science",
        (ELEMENTARY,),
        "Many elementary teachers were taught science badly and dread the questions children ask. They leave it "
        "for Friday afternoon, and Friday afternoon is full.",
    ),
    ChallengeText(
        "Minutes for science before noon",
        (ELEMENTARY,),
        "Where reading and mathematics are tested, science gets what remains of the day. In some schools that is "
        "under twenty minutes a week.",
    ),
    ChallengeText(
        "Science coursework for future elementary teachers",
        (ELEMENTARY, PREPARATION),
        "A future first-grade teacher may take a single lecture in science, next to five hundred pre-meds. What "
        "she needs is to try things with her hands and talk about them.",
    ),
    ChallengeText(
        "Specialists or everyone",
        (ELEMENTARY,),
        "Some schools hire one science teacher for all grades, others expect it of everyone. Each can show good "
        "years and bad ones, and few compare.",
    ),
    ChallengeText(
        "Tinkering that survives the pilot year",
        (ELEMENTARY,),
        "The cart with motors and cardboard arrives with a grant and a smiling visitor. Two years later it is in "
        "the storeroom behind the chairs.",
    ),
    ChallengeText(
        "Early mathematics as play",
        (ELEMENTARY, VALUE),
        "Small children count, sort and build all day, and adults rarely notice that it is mathematics. By second "
        "grade some have decided that they are no good at it.",
    ),
    ChallengeText(
        "Computing before middle school",
        (ELEMENTARY,),
        "Coding clubs reach the children who raise their hand. Lessons for everyone need teachers who never "
        "learned it.",
    ),
    ChallengeText(
        "Coaches who know elementary science",
        (ELEMENTARY, GROWTH),
        "A district has six coaches for reading and, if it is lucky, half a one for science. Teachers see them "
        "twice a year.",
    ),
    ChallengeText(
        "Outdoor science in any weather",
        (ELEMENTARY,),
        "A creek behind the school is the cheapest laboratory there is. What is missing is mostly permission, "
        "boots and a plan for rain.",
    ),
    ChallengeText(
        "After-school science that feeds back into lessons",
        (ELEMENTARY,),
        "The best science many children see happens after three o'clock. Their teachers in the morning do not know"
        " about it.",
    ),
    ChallengeText(
        "Time to plan together during the day",
        (GROWTH,),
        "Teachers plan alone, at home, after dinner. An hour in common each week is the thing they ask for most "
        "and get last.",
    ),
    ChallengeText(
        "Workshops that count and change nothing",
        (GROWTH,),
        "Hours are certified, boxes are ticked, and the next lesson looks as it did. Nobody is against it because "
        "everybody needs the hours.",
    ),
    ChallengeText(
        "Coaching from teacher to teacher",
        (GROWTH,),
        "Good teachers down the hall are the best coaches, if someone covers their class. The substitute is where "
        "most plans end.",
    ),
    ChallengeText(
        "Growth that follows a plan, not a catalog",
        (GROWTH,),
        "Districts buy training in single days from a list. A teacher collects them for years without getting from"
        " one place to another.",
    ),
    ChallengeText(
        "Keeping up with a moving science",
        (GROWTH, VALUE),
        "What was taught about genes or batteries at college is out of date by the tenth year. There is no place "
        "in the calendar to catch up.",
    ),
    ChallengeText(
        "Evaluation that helps someone teach",
        (GROWTH,),
        "Visits with a checklist end in a number. The teacher learns that the objective should be on the board.",
    ),
    ChallengeText(
        "Alone in the building",
        (GROWTH,),
        "In half of all small high schools there is exactly one physics teacher. Whom would they ask?",
    ),
    ChallengeText(
        "Learning to use classroom data without drowning",
        (GROWTH,),
        "Dashboards multiply, and none answers what to do on Monday. Teachers need one question and a page.",
    ),
    ChallengeText(
        "Summer institutes with an after",
        (GROWTH,),
        "A week in July lifts everyone. By October the binder is on the shelf.",
    ),
    ChallengeText(
        "Teachers choosing their own training",
        (GROWTH, LEADERSHIP),
        "Decisions about training are made in an office, months ahead. The people in the classrooms could have "
        "said what they needed.",
    ),
    ChallengeText(
        "A career that does not leave the classroom",
        (LEADERSHIP,),
        "To be promoted, a teacher has to stop teaching. Those who refuse stay where they were at twenty-eight.",
    ),
    ChallengeText(
        "Principals who make it safe to try",
        (LEADERSHIP,),
        "A lesson that fails while the principal is in the room is remembered. Where nobody may fail, everyone "
        "teaches last year's lesson.",
    ),
    ChallengeText(
        "Teachers at the table where policy is made",
        (LEADERSHIP,),
        "Hearings take place at ten on a Tuesday, when teachers teach. What is decided there comes back as a binder.",
    ),
    ChallengeText(
        "Room to depart from the pacing guide",
        (LEADERSHIP,),
        "A pacing guide says which page on which day. The good question in the back row comes on another one.",
    ),
    ChallengeText(
        "Tests that leave room for invention",
        (LEADERSHIP, VALUE),
        "What is tested is what can be marked by a machine. Teachers who do more feel that they do it at their "
        "students' expense.",
    ),
    ChallengeText(
        "Networks that teachers run themselves",
        (LEADERSHIP,),
        "Many groups begin with a grant and a facilitator. The ones that last belong to the teachers in them.",
    ),
    ChallengeText(
        "Principals who have never taught science",
        (VALUE,),
        "Most school leaders come from other subjects. They judge a noisy lab by the standards of a quiet lesson.",
    ),
    ChallengeText(
        "Families and the jobs they can see",
        (VALUE,),
        "Children choose among the jobs they have seen. In many towns that is the clinic, the school and the store.",
    ),
    ChallengeText(
        "Not everyone's a math person, they say",
        (VALUE,),
        "Adults say it about themselves with a smile, and children listen. It decides who takes physics four years"
        " later.",
    ),
    ChallengeText(
        "Physics in every high school",
        (VALUE,),
        "In a good share of high schools physics is not taught at all. Those are the same schools where fewer go "
        "on to college.",
    ),
    ChallengeText(
        "Computer science that counts",
        (VALUE,),
        "Where it does not count toward graduation, only the keen ones take it. Where it counts, there is nobody "
        "to teach it.",
    ),
    ChallengeText(
        "Girls who leave physics after the first year",
        (VALUE,),
        "They pass, often with better grades, and do not come back. When asked, they talk about the room, not "
        "about the subject.",
    ),
    ChallengeText(
        "Standards on paper, lessons as before",
        (VALUE, GROWTH),
        "A state adopts ambitious standards, and a poster goes up. Two years on, the lessons are the same with new"
        " numbers on them.",
    ),
    ChallengeText(
        "Choosing a curriculum without a salesman",
        (MATERIALS,),
        "Committees choose between glossy boxes in two afternoons. Reviews exist, but few cover what happens in a "
        "mixed class of thirty-two.",
    ),
    ChallengeText(
        "Lab time in small schools",
        (MATERIALS,),
        "A single period is too short for a lab, and there is no technician. So the lab becomes a demonstration, "
        "and the demonstration a video.",
    ),
    ChallengeText(
        "Money for what gets used up",
        (MATERIALS,),
        "Budgets buy microscopes and forget slides, bulbs and vinegar. Teachers pay for the rest themselves.",
    ),
    ChallengeText(
        "Units about the place where children live",
        (MATERIALS,),
        "A lesson on watersheds from another state is correct and dull. The river outside is neither.",
    ),
    ChallengeText(
        "Open materials nobody can find",
        (MATERIALS,),
        "There is a great deal of free material, some of it excellent. Finding it at nine in the evening takes "
        "longer than writing it.",
    ),
    ChallengeText(
        "People from industry in the lesson",
        (MATERIALS, VALUE),
        "A guest speaker comes once, talks too long and is thanked. A guest who returns four times changes what "
        "students build.",
    ),
    ChallengeText(
        "Instruments on loan",
        (MATERIALS,),
        "A spectrometer costs a year's budget and is needed for two days. Universities have them idle in July.",
    ),
)
