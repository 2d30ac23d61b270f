"""What people say about each challenge: an ask, an offer, a piece of work, in their own voice."""

from typing import NamedTuple


class StanceLines(NamedTuple):
    """One line of each kind that fits a challenge."""

    ask: str
    offer: str
    working_on: str


STANCE_LINES = {
    "Keeping mentors past year two": StanceLines(
        "How do you keep a mentor for a third year without simply paying more?",
        "We cut the load to one candidate at a time and lost two mentors in three years. Happy to show how.",
        "A mentor contract that fits on one page and says what the mentor gets out of it.",
    ),
    "Placements where good science is taught": StanceLines(
        "Has anybody found a fair way to choose placement classrooms without offending half the district?",
        "Our observation form for picking host classrooms: six questions, twenty minutes, tested in forty schools.",
        "Moving every placement to a school where two mentors can work side by side.",
    ),
    "The first hundred days on the job": StanceLines(
        "Who protects new teachers from three preps in the first year, and how did you win over principals?",
        "A weekly thirty-minute call for first-years, run by second-years. We can hand over the whole script.",
        "Tracking who leaves before December and asking them why.",
    ),
    "Programs that never talk to the district next door": StanceLines(
        "We need an example of an agreement between a college and a district that survived a change of superintendent.",
        "We meet our three districts every month with one shared spreadsheet. I can show you what is on it.",
        "A joint hiring forecast with two neighboring districts.",
    ),
    "Content exams that turn good candidates away": StanceLines(
        "Looking for states that accept a portfolio in place of the content exam.",
        "Our free evening course for the chemistry exam; pass rates went up, though less than we hoped.",
        "Collecting outcomes of candidates who passed late, to see whether the exam predicts anything.",
    ),
    "Knowing how many teachers will be needed": StanceLines(
        "Is there a state that shares vacancy counts by subject before summer?",
        "Our forecast model for five years of science vacancies, with its errors left in.",
        "Asking every district in the region the same four questions about openings.",
    ),
    "What became of our graduates": StanceLines(
        "How do you reach alumni after their school email stops working?",
        "A data agreement with our state that took two years; steal it and save one of them.",
        "Calling every graduate of the class of three years ago. We are at sixty percent.",
    ),
    "Career changers with a mortgage": StanceLines(
        "Who pays a living stipend to residents past the first cohort of grant money?",
        "A part-time route for people who keep their job until the spring; what it cost and who dropped out.",
        "A loan fund with a local credit union for people in their residency year.",
    ),
    "Engineering design in methods courses": StanceLines(
        "A methods course that lets candidates build and fail at something for more than one session.",
        "Three design tasks with cheap materials that work in a ninety-minute methods class.",
        "Rewriting the secondary methods sequence around one long design project.",
    ),
    "Faculty who teach the way they ask others to teach": StanceLines(
        "How did you get science faculty to change an introductory course without a grant behind it?",
        "We pair each professor with a high school teacher for a term. Both will talk to you about it.",
        "Filming our own methods courses and watching them together, which is as awkward as it sounds.",
    ),
    "Teachers prepared for small rural schools": StanceLines(
        "Preparation for one person who teaches all the sciences: what do you leave out?",
        "A summer month in a small town with housing found by the school board.",
        "A four-subject license with our state agency, now in its second draft.",
    ),
    "Learning to teach multilingual science classes": StanceLines(
        "Short practice tasks for teaching science talk in a class with several languages.",
        "Videos of real lessons, with consent, and the questions we ask about them.",
        "A shared seminar with the language department, taught by both sides.",
    ),
    "Science majors who never hear of teaching": StanceLines(
        "Who has got physics faculty to speak well of teaching in front of their own students?",
        "A one-credit course in which students teach four lessons. Syllabus, costs and the names of who says yes.",
        "Visiting every introductory chemistry lecture once a term, with a teacher who loves the job.",
    ),
    "Pay that falls behind after year five": StanceLines(
        "What did a differential for physics and computer science do to the mood in the staff room?",
        "Numbers on what retention pay bought us, including the year in which it bought nothing.",
        "A case for the school board that compares lifetime pay, not starting pay.",
    ),
    "Parents who talk their children out of teaching": StanceLines(
        "Messages for families that are honest about pay and still work.",
        "An evening for parents with young teachers and no brochures. Turnout was better than ours usually is.",
        "Interviews with families of students who said no.",
    ),
    "Honors that teachers themselves respect": StanceLines(
        "An award chosen by teachers, with criteria you would show in public.",
        "How we let last year's winners choose the next ones.",
        "Replacing our teacher prize with paid time to share one lesson.",
    ),
    "Future-teacher clubs that lead somewhere": StanceLines(
        "How do you stay in touch with club members through college without pestering them?",
        "A club handbook written by students, with eight meetings that were not boring.",
        "Linking twelve high school clubs with two education programs.",
    ),
    "Telling the truth about turnover": StanceLines(
        "Has anyone measured whether good news changes applications?",
        "A set of short portraits of teachers in their fifteenth year, free to use.",
        "A yearly page with our own retention, good or bad.",
    ),
    "Industry leave that ends back in the classroom": StanceLines(
        "Which externships bring teachers back, and what do their contracts say?",
        "Ten host companies who have done it before and do it well.",
        "Following up on four summers of externships to see who still teaches.",
    ),
    "Men of color in science classrooms": StanceLines(
        "How to keep a small group going after its founder moves on.",
        "A peer circle across five programs that meets once a month by video.",
        "A fellowship that pays the second year rather than the first.",
    ),
    "Elementary teachers' fear of science": StanceLines(
        "What helps a teacher who freezes when a child asks why the sky is blue?",
        "Our workshop where teachers get things wrong together first. It takes three hours and some vinegar.",
        "Pairing each anxious teacher with one who used to be.",
    ),
    "Minutes for science before noon": StanceLines(
        "A principal who found time for science without a fight about reading scores.",
        "A timetable that teaches reading through science, three mornings a week, with results after two years.",
        "Counting the real minutes of science in thirty classrooms.",
    ),
    "Science coursework for future elementary teachers": StanceLines(
        "Who teaches a science course for elementary majors inside the science department?",
        "A physics course on kitchen tables; the lab list costs under ninety dollars a table.",
        "Two new courses shared by biology and education, first run this fall.",
    ),
    "Specialists or everyone": StanceLines(
        "Evidence on specialists that looks at more than one school.",
        "We did both in turn. I can tell you what got better and what got lost.",
        "A comparison across eleven schools with the same test and the same tea.",
    ),
    "Tinkering that survives the pilot year": StanceLines(
        "How do you restock a maker cart when the grant is over?",
        "A list of what runs out first, and a store that gives us the rest of its rolls.",
        "Lending carts for six weeks at a time instead of giving them away.",
    ),
    "Early mathematics as play": StanceLines(
        "Games for families that need no screen and no English.",
        "Forty games in a shoebox, tried with two hundred families.",
        "Training home visitors to talk about shapes and amounts.",
    ),
    "Computing before middle school": StanceLines(
        "Unplugged computing for grades one to three that is not just robots on a mat.",
        "A year of lessons in thirty-minute pieces, taught by classroom teachers.",
        "Ten librarians who now teach the computing lessons in their schools.",
    ),
    "Coaches who know elementary science": StanceLines(
        "Is there a model for sharing a science coach among small districts?",
        "A coaching log that takes five minutes and that coaches really fill in.",
        "Turning two reading coaches into reading-and-science coaches.",
    ),
    "Outdoor science in any weather": StanceLines(
        "How did you settle the question of liability for weekly walks?",
        "Boots, bags and forty walks, ready to lend in our county.",
        "One outdoor morning a week in grades two and four.",
    ),
    "After-school science that feeds back into lessons": StanceLines(
        "A simple way for club leaders and class teachers to tell each other what children did.",
        "A shared notebook that goes back and forth with the child.",
        "Paying six class teachers to spend one afternoon a week in the club.",
    ),
    "Time to plan together during the day": StanceLines(
        "A timetable with common planning that a small school with one physics teacher can run.",
        "Our scheduling sheet; it found common hours in nine of eleven schools.",
        "Protecting one shared hour on Wednesdays from assemblies and everything else.",
    ),
    "Workshops that count and change nothing": StanceLines(
        "Who has dropped seat time as a measure, and what do you count now?",
        "Short cycles: try one thing, bring back student work, talk for an hour. We have run sixty of them.",
        "Persuading our state to credit a lesson study as hours.",
    ),
    "Coaching from teacher to teacher": StanceLines(
        "How do you pay for the cover when two teachers visit each other?",
        "Video visits on a phone, ten minutes at a time, with rules that teachers wrote.",
        "A pool of retired teachers who cover classes for peer visits.",
    ),
    "Growth that follows a plan, not a catalog": StanceLines(
        "Examples of a three-year growth path for a chemistry teacher.",
        "Our map of what teachers at year one, four and nine told us they needed.",
        "A common catalog with the two other providers in town, so that courses build on each other.",
    ),
    "Keeping up with a moving science": StanceLines(
        "Researchers who will spend a day with teachers and not give a talk.",
        "Teacher days in working labs, four a year, travel paid.",
        "A reading circle of teachers and postdocs about one new paper a month.",
    ),
    "Evaluation that helps someone teach": StanceLines(
        "An observation form for science that principals can use without a science degree.",
        "A two-hour training for evaluators with three recorded lessons to disagree about.",
        "Splitting the visit that helps from the visit that decides.",
    ),
    "Alone in the building": StanceLines(
        "Online groups for lone teachers that still meet after the first spring.",
        "A Thursday call of lone physics teachers, three years old and still alive.",
        "Twelve pairs of lone teachers who plan one unit together across two states.",
    ),
    "Learning to use classroom data without drowning": StanceLines(
        "What is the smallest set of data that changed a lesson in your schools?",
        "A protocol for looking at three pieces of student work. It needs no software at all.",
        "Throwing away two dashboards and seeing whether anybody misses them.",
    ),
    "Summer institutes with an after": StanceLines(
        "What do you do in the fall so that the summer was worth it?",
        "Four fall visits planned before anyone goes home in July. It doubled what stayed.",
        "A reunion day in November with a lesson to bring.",
    ),
    "Teachers choosing their own training": StanceLines(
        "How do you let teachers choose and still have a direction?",
        "A small fund that teachers vote on each term, and the rules they made for it.",
        "A committee with a majority of teachers and a real budget.",
    ),
    "A career that does not leave the classroom": StanceLines(
        "Hybrid roles: half teaching, half leading. Who funds the other half?",
        "Job descriptions for six hybrid roles, and which two we gave up.",
        "Eight lead teachers with a lighter timetable from this fall on.",
    ),
    "Principals who make it safe to try": StanceLines(
        "What do you say to a principal who wants innovation and no noise?",
        "A day for principals in which they teach a lesson themselves and it goes wrong.",
        "Interviewing principals whose teachers stay, to learn what they do on ordinary days.",
    ),
    "Teachers at the table where policy is made": StanceLines(
        "Who pays for release time for testimony?",
        "A week of preparation for teachers who speak to lawmakers, with practice and a hot meal.",
        "A standing group of twenty teachers that our state agency now asks first.",
    ),
    "Room to depart from the pacing guide": StanceLines(
        "A district that loosened its pacing guide and can say what happened to scores.",
        "A guide with eight fixed points a year and freedom in between.",
        "Asking for three weeks a year that belong to the teacher.",
    ),
    "Tests that leave room for invention": StanceLines(
        "Performance tasks that a state has accepted as part of its test.",
        "Twelve tasks with student work and scores by three raters, disagreements included.",
        "A pilot in five districts with one task a term instead of one test.",
    ),
    "Networks that teachers run themselves": StanceLines(
        "How did your teacher group survive when the money stopped?",
        "A starter kit for a teacher-led group: first four meetings, food included.",
        "Handing our network over to a board of teachers by next summer.",
    ),
    "Principals who have never taught science": StanceLines(
        "A short course on science lessons for principals that they do not leave at lunch.",
        "Walk-throughs in pairs: one principal, one science teacher, five classrooms.",
        "A science module in our program for new principals.",
    ),
    "Families and the jobs they can see": StanceLines(
        "Employers who will open their doors to families on a Saturday.",
        "A bus, ten companies and a game for the way back. We know what it costs.",
        "Portraits of technicians from our own valley, in two languages.",
    ),
    "Not everyone's a math person, they say": StanceLines(
        "Something for teachers who say it themselves, without shaming them.",
        "A half-hour activity for a staff meeting, with the embarrassing part at the start.",
        "Changing how eleven schools recommend students for eighth-grade algebra.",
    ),
    "Physics in every high school": StanceLines(
        "Has anyone shared a physics teacher among three schools and kept them?",
        "An online course with a local lab day each month, and its honest dropout.",
        "Bringing physics back to four schools that had not had it since 2011.",
    ),
    "Computer science that counts": StanceLines(
        "How did you license enough teachers within two years?",
        "A bridge course for mathematics teachers, evenings, nine months.",
        "A state plan with dates in it, which is rarer than it should be.",
    ),
    "Girls who leave physics after the first year": StanceLines(
        "Small changes in the lab that made a difference to who speaks.",
        "A survey of forty questions, cut to nine, with five years of results.",
        "Mixed lab groups with rotating roles in seven schools.",
    ),
    "Standards on paper, lessons as before": StanceLines(
        "What did the third year after adoption look like in your district?",
        "Lessons before and after, side by side, from nine teachers who let us film.",
        "One unit a year, done properly, in place of everything at once.",
    ),
    "Choosing a curriculum without a salesman": StanceLines(
        "Your scoring sheet for science materials, please, however rough.",
        "Sixteen teachers who have taught three of the big programs and will answer the phone.",
        "A try-out year with two programs in parallel before we buy.",
    ),
    "Lab time in small schools": StanceLines(
        "Labs that fit into forty-two minutes, including cleaning up.",
        "Our lab rota for three schools sharing one technician on Fridays.",
        "Double periods every second week, starting with chemistry.",
    ),
    "Money for what gets used up": StanceLines(
        "A district with a line for consumables that survived two budgets.",
        "A count of what 140 teachers paid from their own pocket in one year.",
        "A shared store of consumables for five districts.",
    ),
    "Units about the place where children live": StanceLines(
        "How much local material can one district write and still keep up to date?",
        "Nine units about our river, with everything a neighbor would need to swap in theirs.",
        "Writing days for teachers and park rangers, two a season.",
    ),
    "Open materials nobody can find": StanceLines(
        "Who curates by hand, and how do you keep going?",
        "A list of two hundred tested lessons, with a note by the teacher who used each.",
        "Removing things from our library until only the good ones are left.",
    ),
    "People from industry in the lesson": StanceLines(
        "How do you prepare engineers to listen to fourteen-year-olds?",
        "A one-page brief for guests and a short film of a visit that went badly.",
        "Four visits instead of one, with thirty engineers and their employers' consent.",
    ),
    "Instruments on loan": StanceLines(
        "Insurance for instruments that travel: what did you sign?",
        "Six crates of sensors, booked by teachers themselves, with a repair fund.",
        "A calendar on which nine schools share one set of probes.",
    ),
}
