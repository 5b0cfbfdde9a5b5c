# Meetings of the dialogue: agenda, outcomes, commitments, the text of both.
nav-rounds = Meetings
act-table-item = Item tabled
act-settle-item = Outcome recorded
act-undertake = Commitment made
do-table-item = Table an item
do-settle-item = Record an outcome
do-undertake = Make a commitment
clock-task = what it committed itself to
form-words-table-item = The item, in a line or two
form-words-settle-item = The outcome
form-words-undertake = What will be done
form-deed-about = A case or an earlier item it takes up
form-hint-about = A reference such as { $example }, or with # and a number for an item of an earlier meeting. Leave it empty for a new topic.
form-wrong-about = This is no reference of a case, nor of an item of a meeting.
form-deed-agenda-item = Item of the agenda
form-deed-owner = Office that does it
form-hint-owner = Of your own side: each side commits only itself.
form-deed-due-on = Last day
form-hint-assembled = Put together from the outcomes and commitments recorded. What one language lacks stands in brackets, and nobody can sign over brackets: read it, change it, translate it.
refusal-brackets-open = Version { $version } cannot be signed yet: { $count ->
    [one] one part of it stands in brackets
   *[other] { $count } parts of it stand in brackets
}, and so is not agreed.
text-brackets = { $n ->
    [one] One part stands in brackets: it is not agreed, and the text cannot be signed.
   *[other] { $n } parts stand in brackets: they are not agreed, and the text cannot be signed.
}
measure-since-step = Since this step
measure-items = Agenda items with an outcome
measure-tabled = Overdue cases on the agenda of a meeting
measure-tasks = Commitments kept in time
task-open = open
task-kept = kept
task-late = late
task-discharged = released
duty-task = Commitment: { $what }
standing-owed-task = commitment { $n }

rounds-title = Meetings and commitments
rounds-lead = The agenda makes itself from the acts both sides hold: cases that have climbed the ladder, what either side tabled, what the last meeting left unsettled. Both capitals compute the same.
rounds-next = Next
rounds-none = No meeting is planned.
rounds-unrecorded = Past their days, not recorded as held
rounds-unrecorded-lead = Their days are over. Record the outcomes on the page of the case, or call the meeting off there.
rounds-past = Meetings held
rounds-held = Held { $day }
rounds-off = Did not take place
rounds-propose = Propose a meeting
rounds-agenda = Agenda
rounds-agenda-empty = Nothing is on the agenda yet.
rounds-agenda-fixed = As it stood when the meeting was held.
rounds-agenda-hash = Both sides have the same agenda if its SHA-256 is the same:
rounds-item = Item
rounds-why = Why it is there
rounds-outcome = Outcome
rounds-level = On the ladder at { $level }
rounds-tabled = Tabled by { $party }
rounds-tabled-as = Tabled by { $party } as item { $n }
rounds-carried = Left unsettled by { $round }
rounds-untabled = Not taken up yet
rounds-open = open
rounds-settled = Settled { $day }
rounds-board = Commitments
rounds-board-empty = No commitment has been made.
rounds-what = What
rounds-owner = Who does it
rounds-due = Last day
rounds-state = State
rounds-counts = { $kept } kept, { $open } open, { $late } late, { $discharged } released
rounds-calendar = Calendar of your office (iCalendar)
rounds-text = Text of both
rounds-text-signed = Signed by both, version { $version }
rounds-text-table = Version { $version } on the table
rounds-draft = First draft of the text, put together
rounds-text-none = No text yet
case-agenda = Agenda of this meeting
case-agenda-whole = Whole agenda, with cases that are there by themselves
calendar-name = { $office }: meetings and deadlines
calendar-due = Due: { $what } ({ $case })
calendar-meeting = { $type } ({ $case })
calendar-task = Commitment due: { $case }
communique-opening = The two sides held the meeting “{ $type }” in { $place }.
communique-opening-bare = The two sides held the meeting “{ $type }”.
communique-outcomes = On the agenda they settled:
communique-tasks = The two sides commit themselves as follows:
communique-day = { $day } { $month } { $year }
communique-task = { $party } ({ $office }), by { $day }: { $what }
