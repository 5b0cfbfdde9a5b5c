# The words of the face in English. zh.ftl has the same keys; a test holds them together.
# A closed menu's word is menu-code; the menus and their codes stand in the code (`domain::menu`).

## Frame
language-name = English
language-en = English
language-zh = Chinese
skip = Skip to the content
languages = Language
main-nav = Main
menu = Menu
clocks = Clocks of the capitals
office-open = open
office-closed = closed
shared-minutes = { $n ->
    [one] 1 minute of shared office hours left
   *[other] { $n } minutes of shared office hours left
}
shared-none = no shared office hours left today
switch-persona = Change person
sign-out = Sign out
footer-hash = Instrument { $hash }
drill-label = Exercise
drill-more = Clocks
drill = Invented events, people and offices. Nothing here is real.
drill-across = Cross to { $place }
drill-clock = Move both clocks on:
drill-hour = +1 hour
drill-working-day = +1 working day
drill-week = +1 week
nav-desk = Desk
nav-cases = Cases
nav-new = New
nav-clauses = Clauses
nav-directory = Directory
nav-instrument = Instrument
nav-ledger = Ledger
nav-operations = Operations
nav-help = Help
colon = :{" "}
list-or = {" "}or{" "}
list-and = ,{" "}
comma = ,{" "}
yes = Yes
no = No
never = never
required = Required
optional = Optional
untranslated = No text in this language.
exercise = Exercise
pages = Pages
page-next = Next page
changed = Changed
due = Due
matter = Matter
clause = Clause
clauses = Clauses
turn = Turn
type = Type
stage = Stage
office = Office
offices = Offices
direction = Direction
order = Order
level = Level
act = Act
ground = Ground of refusal
safeguard = Safeguard
safeguards = Safeguards
reasons = Reasons
provisional = provisional: the calendar of that year is not published yet
personal-data = Personal data

## Moments
moment = { $date }, { $time } { $place }
moment-hour = { $time } { $place }
date = { $weekday } { $day } { $month } { $year }
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
span-zero = at once
span-wd = { $n ->
    [one] 1 working day
   *[other] { $n } working days
}
span-cd = { $n ->
    [one] 1 calendar day
   *[other] { $n } calendar days
}
span-h = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
span-needed-by = by the date the request names
span-min = { $n } min
span-h-min = { $h } h { $min } min
span-d = { $n ->
    [one] 1 day
   *[other] { $n } days
}
span-left = { $span } left
span-past = { $span } late
greeting-night = Good morning
greeting-morning = Good morning
greeting-afternoon = Good afternoon
greeting-evening = Good evening
greeting-name = , { $name }.{" "}

## Sign-in
sign-in = Sign in
sign-in-node = This is the node of the { $party }.
sign-in-wrong = That did not open a session. Choose a person again, or ask for a new token.
sign-in-demo = This is a demonstration. Anyone who opens this page may act as anyone.
sign-in-demo-more = The persons below are invented. One click signs in as one of them; every act they sign is sealed, sent and logged by the real program, but means nothing outside this exercise. A real node asks for a token instead.
sign-in-personas = Choose who you are
sign-in-token = Token
sign-in-token-hint = The administrator of your node issued it to you. It is never shown again and never sent anywhere else.

## Desk
desk-yours = { $n ->
    [one] One matter needs you.
   *[other] { $n } matters need you.
}
desk-nothing = Nothing needs you now.
desk-counts = Your office's cases at a glance
desk-live = { $us } waiting for us, { $overdue } overdue
desk-next = Open cases of your office
desk-drafts = Drafts of your office
desk-questions = Safeguard questions you may answer
desk-raised = Raised to your office by the ladder
desk-all = All cases of your office
desk-empty = No case of your office is open.
count-overdue = overdue
count-today = due today
count-us = waiting for us
count-them = waiting for them
next-act = Next act
next-you = you may: { $acts }
next-once = { $act }, once “{ $step }” is recorded
next-yours = it is for you
next-role = for the { $role }
next-theirs = They owe: { $what }
next-courier = On its way
next-over = Closed: nothing more to do
next-draft = Finish the draft
next-preconsulted = Give advice on the draft
next-advised = Submit the request
next-submitted = Acknowledge receipt
next-delivered = Acknowledge receipt
next-acknowledged = Take up and decide
next-under-review = Decide
next-transferred = Take up and decide
next-returned-incomplete = Supply what is missing
next-supplemented = Take up and decide
next-conditions-offered = Answer the conditions
next-conditions-accepted = Take up and decide
next-postponed = Take it up again
next-accepted = Carry it out
next-partly-accepted = Carry it out
next-in-execution = Answer
next-responded = Report the outcome
next-outcome-due = Report the outcome
next-outcome-reported = Close the case
next-refused = Ask to reconsider, or close
next-reconsidering = Reconsider the refusal
next-upheld = Close the case
next-withdrawn = Release what is held
next-lapsed = Nothing: lapsed
next-closed = Closed: nothing more to do
not-delivered = not yet delivered
draft-sign = Review and sign
draft-waits = Waiting for signature
draft-go-on = Go on writing
draft-by = drafted by { $name }
draft-lacking = { $n ->
    [one] 1 part missing
   *[other] { $n } parts missing
}
draft-untitled = Untitled
gate-before = to be answered before: { $act }
gate-before-any = to be answered before:
gate-overruled = Answered before, and answered otherwise since:
gate-kept = answered, kept until then
gate-yours = you may answer
gate-whose = the { $role } must answer

## Cases
filter-search = Reference or words
filter-any = any
filter-finer = More filters
filter-apply = Show
filter-clear = Clear
direction-outgoing = We ask
direction-incoming = They ask
turn-us = Ours
turn-them = Theirs
order-due = Soonest due
order-updated = Latest change
cases-caption = Cases between the two sides
cases-none = No case fits. Clear the filter to see all of them.

## Case
their-reference = { $party } calls it { $number }
urgency-proposed = proposed as { $urgency }
track = Where the procedure stands
lanes = What each side did
case-aside = Clocks, safeguards and proof
contents = On this page
receipted = Received, by signed receipt:
sealed-waiting = Sealed and signed, not yet receipted by the other side
by-machine = entered by the node, because a clock ran out
moot = Without effect
clock = Clock
clock-none = No clock runs.
clock-paused = Paused with { $n ->
    [one] 1 working day
   *[other] { $n } working days
} left
deadline-counted = { $span }, counted by calendar { $calendar }
ladder-now = now
ladder-reached = reached
ladder-next = if nobody acts:
undertakings = Undertakings given
questions = Questions
question-open = not answered yet
proof = Proof
proof-acts = { $n ->
    [one] 1 act
   *[other] { $n } acts
} on record; { $waiting ->
    [0] all of ours receipted.
   *[other] { $waiting } of ours not yet receipted.
}
proof-own = { $party }: log of { $size ->
    [one] 1 entry
   *[other] { $size } entries
}, root
proof-cosigned = cosigned by the other side up to { $size }
proof-mirror = { $party }: log as mirrored here, { $size ->
    [one] 1 entry
   *[other] { $size } entries
}, root
proof-verify = To check all of it offline:
proof-table = Every act with its place in the log
proof-index = Log entry
proof-signed = Signed
proof-received = Received
proof-hash = SHA-256
request = The request
indicator = Pattern or value
indicator-kind = Kind
indicator-count = { $n ->
    [one] 1 pattern or value
   *[other] { $n } patterns and values
}
indicator-name = Name and time
indicator-pattern = Pattern ({ $language })
indicator-unreadable = Cannot be read
observable-ipv4 = IPv4 address
observable-ipv6 = IPv6 address
observable-domain = Domain name
observable-url = URL
observable-email = E-mail address
observable-mac = MAC address
observable-hash = Hash of a file
observable-file = Name of a file
observable-as = Autonomous system
attachments = Files
file-name = File
file-size = Size
file-custody = Custody
blob-staged = held here
blob-wanted = on its way
blob-whole = held here, checked against its root
blob-purged = removed when its retention ended
blob-unknown = announced
bytes = { $n ->
    [one] 1 byte
   *[other] { $n } bytes
}
bytes-k = { $n } kB
bytes-m = { $n } MB
notes = Notes of our own side
notes-hint = They stay in this house. No act, log or parcel carries them, and the other side cannot learn that there are any.
note-new = New note
note-add = Add note
deed-reason = Reason
deed-reference = Reference
deed-officer = Named officer
deed-to = To
deed-item = Wanted
deed-supplied = Supplied
deed-undertaking = Undertaking
deed-review = To be looked at again on
deed-scope = Accepted in part
deed-considered = Considered first
deed-withheld = withheld
deed-argument = Argument
deed-step = Step
deed-what = Preserved
deed-until = Until
deed-files = Files
deed-extent = Extent
deed-question = Question
deed-usefulness = Usefulness
deed-used-for = Used for
deed-lesson = Lesson
deed-urgency = Urgency
penalty-no-prison = No imprisonment
penalty-years = Imprisonment up to { $n ->
    [one] 1 year
   *[other] { $n } years
}
penalty-life = Life imprisonment
penalty-death = Death
penalty-unknown = Not known

## Parts of a request
part-title = Title
part-legal_basis = Legal basis
part-purpose = Purpose and permitted use
part-urgency_reason = Why it is urgent
part-needed_by = Needed by
part-confidentiality = Why the request itself is to be kept secret
part-contact = Contact at any hour
part-attachments = Files
part-linked = Linked cases
part-fields = Contents
part-evidential_use = For use in evidence
what-text = The text
what-items = The list of what is missing
what-item = An item of the list
what-conditions = The list of conditions
what-condition = A condition
what-considered = What was considered before refusing
what-reason = The reason
what-reference = The reference
what-contact = The contact
what-officer = The named officer
what-gate = The answer to a safeguard
what-gates = The list of safeguard answers
what-receipts = The list of receipts
what-attachments = The list of files
what-attachment = A file
what-name = The name
what-note = The note
what-drafts = The list of drafts
what-fields = The contents

## Directory, clauses, instrument
directory-lead = Our offices, level by level, each beside the offices it works with directly. Only role desks stand here, never persons.
office-central = central authority
office-duty = desk at any hour
office-contact = Contact
office-counterparts = Counterparts
office-alone = None: matters go through the central authority.
clauses-lead = What the two sides undertook, clause by clause in our paraphrase, with what serves it and how its keeping is counted in each direction.
clauses-areas = Areas of cooperation
clause-divergence = Where the two texts differ
clause-capability = What serves it here
clause-indicator = How its keeping is seen
clause-types = Request types
clause-types-none = none: served by the dialogue and its reports
clause-offices = Offices
clause-translation = The Chinese here is our own translation, not an official text.
instrument-types = Request types
instrument-ladder = Escalation ladder
instrument-calendars = Calendars and markings
instrument-urgencies = Urgencies
type-name = Name
type-status = Standing
type-on = in force
type-declared = declared, not yet in force
type-clocks = How long each wait may last, by urgency
type-fields = Contents
type-field = Part
type-field-help = What to write
type-field-needed = Needed
type-gates = Safeguards
type-gate-at = Before
type-gate-who = Who may answer
type-grounds = Grounds on which it may be refused
type-ground-basis = Basis
type-offices = Competent offices
type-may-send = May send:
type-may-receive = May receive:
type-may-execute = May carry it out:
ladder-who = Who answers
ladder-raise = Raised when overdue by
ladder-answer = Must answer in
ladder-own = the offices of the case
urgent-span = U0 and U1: { $span }
calendar-days-off = Days off, year by year
calendar-makeup = Worked in exchange:
markings = Handling markings and what each amounts to
signs-with = Signs with

## Ledger
ledger-lead = Everything that crosses is entered on both sides in a log that can only grow. Each side signs the head of its own log and cosigns the other's, so that neither can lose, rewrite or deny an entry.
ledger-logs = Logs
ledger-own = { $us }: log with { $them }
ledger-mirror = { $them }: log with { $us }, as mirrored here
ledger-caption = Entries of our log, newest first
ledger-caption-mirror = Entries of the other side's log, newest first
ledger-size = Entries
ledger-root = Root
ledger-cosigned = Cosigned
ledger-not-cosigned = not yet
ledger-note = The signed note
ledger-kind = Records
ledger-reference = Reference
ledger-time = Time
ledger-peer-index = Entry there
ledger-out = sent out
ledger-in = came in
ledger-receipt-for = { $n ->
    [one] for 1 act
   *[other] for { $n } acts
}
ledger-older = Older entries
ledger-empty = The log has no entries yet.
leaf-sent = Act sent
leaf-received = Act received
leaf-receipt = Receipt
leaf-parked = Act that waits
leaf-rejected = Act turned away
leaf-key-set = Keys taking effect
leaf-instrument = Instrument taking effect
leaf-peer-checkpoint = Head of the other log, cosigned
leaf-sm3-root = Root in SM3
leaf-withdrawal = Withdrawn before delivery
leaf-recovery = Log recovered from the other side

## Operations
no-peers = No other Party's node is known yet.
ops-peers = The other Party's node
ops-endpoint = Address
ops-fingerprint = Fingerprint
ops-answered = Last answered
ops-skew = Its clock is ahead by
ops-skew-none = less than a second
ops-skew-seconds = { $n } s
ops-trouble = Trouble
ops-oldest = oldest since
ops-next-try = Next try
ops-mirrored = Entries mirrored here
ops-next-wake = The node looks at its clocks next at
ops-no-wake = No clock runs.
ops-open = Events nobody has acknowledged
ops-recent = Latest events
ops-event = Event
ops-seen = Seen
ops-acknowledge = Acknowledge
ops-quiet = None.
parcel-queued = Acts waiting to be sent
parcel-delivered = Acts delivered
parcel-refused = Acts the other node refused
parcel-expired = Acts not delivered in time
parcel-held = Acts held back here
level-info = For the record
level-warning = Somebody should look
level-alarm = Somebody must act
event-refused = An act broke a rule of the instrument ({ $code }) and was turned away.
event-act-refused-by-peer = The other node refused one of our acts. Read the code beside it and speak to its operator.
event-parking-full = Too many acts came before their turn and were not kept. The other node will send them again.
event-expired = An act came after its time had run out and was turned away.
event-clock-skew = The clocks of the two nodes differ by more than two minutes. Check both against a time server.
event-peer-unreachable = The other node cannot be reached. Acts wait here and are sent when it answers.
event-peer-reachable = The other node answers again.
event-fault = The mail stopped on a fault of our own. Run entente doctor.
event-oversized-body = A message was larger than allowed and was not read.
event-truncated-body = A message ended too soon.
event-malformed-body = A message could not be read.
event-encoded-body = A message came compressed, which is not allowed.
event-slow-body = A message came too slowly and was given up.
event-tls-refused = A connection without the agreed certificate or encryption was refused.
event-too-many-connections = Too many connections at once; some were refused.
event-too-many-calls = Too many calls at once; some were put off.
event-wrong-party = A message came under another Party's name.
event-impossible-time = An act bore a time that cannot be.
event-call-refused = A program of ours sent something that cannot be used, or a token nobody has; the call was refused.

## Stops
stop-not-found = There is no such page, or nothing there for you.
stop-not-found-remedy = Check the address, or begin at the desk.
stop-not-yours = Your role does not reach there.
stop-not-yours-remedy = Ask somebody whose role does; the help page says which role does what.
stop-foreign = The form did not come from an open page of yours, so nothing was changed.
stop-foreign-remedy = Go back, reload the page and send it again.
stop-misnamed = This is not an address of this node, so nothing is shown here.
stop-misnamed-remedy = Use the address your operator gave you. Operators list the names of a gateway under “names” in node.toml.
stop-too-many = As many of your pages are open as one person may have.
stop-too-many-remedy = Close some of them; this one works without live updates meanwhile.
stop-malformed = That could not be read, so nothing was changed.
stop-malformed-remedy = Go back and send the form again.
stop-fault = Something of ours failed. Nothing was half done.
stop-fault-remedy = The operator has been told. Try again in a moment.
stop-home = To the desk

## Help
help-lead = Two states, one node each. What one asks of the other is signed, sealed to the office it is meant for, receipted, and logged on both sides. Silence is never consent: it climbs a ladder by itself.
help-how = How a request runs
help-1 = A drafter writes it. The form names every missing part before anything is sent.
help-2 = An approver, never the drafter, answers the safeguards and signs.
help-3 = The other side's intake officer acknowledges receipt with a reference and a named officer. Receipt is not acceptance.
help-4 = A decision-maker accepts, offers conditions, or refuses on a ground the instrument admits, with reasons.
help-5 = The answer comes; the asking side reports what came of it; the case is closed.
help-roles = Who does what
help-role-drafter = Writes requests and answers, and hands them over for signature.
help-role-approver = Signs what another drafted; accepts conditions; withdraws.
help-role-intake = Receives requests, gives them a reference and a named officer.
help-role-legal-reviewer = Answers the legal safeguards.
help-role-decision-maker = Accepts, refuses, offers conditions; never alone on what another must answer.
help-role-executing = Carries an accepted request out and answers it.
help-role-liaison = Follows the office's cases, asks and answers, climbs the ladder.
help-role-auditor = Reads everything, changes nothing.
help-signs = Signs on the pages
help-seal = The other side's node has received the act and signed a receipt.
help-wait = Signed and sealed here; no receipt yet. It is sent again until it arrives.
help-moot = The act crossed another in the post and no longer applied. It is kept on record.

## Stages
stage-draft = Draft
stage-preconsulted = Shown for advice
stage-advised = Advice given
stage-submitted = Submitted
stage-delivered = Delivered
stage-acknowledged = Acknowledged
stage-under-review = Under review
stage-transferred = Transferred
stage-returned-incomplete = Returned as incomplete
stage-supplemented = Supplemented
stage-conditions-offered = Conditions offered
stage-conditions-accepted = Conditions accepted
stage-postponed = Postponed
stage-accepted = Accepted
stage-partly-accepted = Accepted in part
stage-in-execution = In execution
stage-responded = Answered
stage-outcome-due = Outcome overdue
stage-outcome-reported = Outcome reported
stage-refused = Refused
stage-reconsidering = Being reconsidered
stage-upheld = Refusal upheld
stage-withdrawn = Withdrawn
stage-lapsed = Lapsed
stage-closed = Closed

## Acts, as done
act-preconsult = Draft shown for advice
act-advise = Advice given
act-submit = Request sent
act-deliver = Delivered
act-acknowledge = Receipt acknowledged
act-begin-review = Taken up for review
act-transfer = Passed to another office
act-return-incomplete = Returned as incomplete
act-supplement = Missing parts supplied
act-offer-conditions = Conditions offered
act-accept-conditions = Conditions accepted
act-decline-conditions = Conditions not accepted
act-postpone = Postponed
act-resume = Taken up again
act-accept = Accepted
act-accept-part = Accepted in part
act-refuse = Refused
act-reconsider = Reconsideration asked for
act-uphold = Refusal upheld
act-reopen = Taken up again after reconsideration
act-begin-execution = Execution begun
act-record = Step recorded
act-preserve = Preserved
act-interim = Interim answer
act-ask = Question asked
act-reply = Question answered
act-respond = Answered
act-report-outcome = Outcome reported
act-remind-outcome = Reminded of the outcome
act-close = Closed
act-withdraw = Withdrawn
act-confirm-release = Release confirmed
act-lapse = Lapsed
act-regrade = Urgency changed
act-escalate = Raised a level
act-answer-escalation = Answered at that level

## Acts, to do
do-preconsult = Show the draft for advice
do-advise = Give advice
do-submit = Submit the request
do-deliver = Deliver
do-acknowledge = Acknowledge receipt
do-begin-review = Take up for review
do-transfer = Pass to another office
do-return-incomplete = Return as incomplete
do-supplement = Supply missing parts
do-offer-conditions = Offer conditions
do-accept-conditions = Accept the conditions
do-decline-conditions = Do not accept the conditions
do-postpone = Postpone
do-resume = Take up again
do-accept = Accept
do-accept-part = Accept in part
do-refuse = Refuse
do-reconsider = Ask to reconsider
do-uphold = Uphold the refusal
do-reopen = Take up again
do-begin-execution = Begin execution
do-record = Record a step
do-preserve = Preserve
do-interim = Give an interim answer
do-ask = Ask a question
do-reply = Answer a question
do-respond = Answer
do-report-outcome = Report the outcome
do-remind-outcome = Remind of the outcome
do-close = Close the case
do-withdraw = Withdraw the request
do-confirm-release = Confirm release
do-lapse = Let it lapse
do-regrade = Change the urgency
do-escalate = Raise a level
do-answer-escalation = Answer at that level

## Other menus
clock-ack = acknowledgement of receipt
clock-decision = decision
clock-completion = answer
clock-supplement = missing parts
clock-conditions = answer to the conditions
clock-review = resumption
clock-outcome = outcome report
clock-closing = closure
clock-reconsideration = reconsideration
clock-release = release
finding-satisfied = Satisfied
finding-not-engaged = Not engaged
finding-not-satisfied = Not satisfied
extent-full = All that was asked
extent-part = A part of it
extent-not-executable = Could not be carried out
condition-death-penalty-assurance = Assurance that the death penalty is neither imposed nor carried out
condition-use-limit = Limit on use
condition-confidentiality = Confidentiality
condition-other = Other condition
procedure-assistance = Assistance
procedure-notice = Notice
procedure-matching = Matching
procedure-joint = Joint undertaking
procedure-negotiation = Negotiation
procedure-undertaking = Standing promise
classification-official = Ordinary official business
classification-sensitive = Sensitive: the ceiling of what is carried
classification-classified = State secret: never carried

## What is missing from a request
lack-empty = { $part }: not filled in.
lack-translation = { $part }: the text in { $lang } is missing.
lack-wrong-kind = { $part }: this is not one of the values it can have.
lack-backwards = { $part }: the beginning lies after the end.
lack-passed = { $part }: this day has passed; it must lie ahead at the signature.
lack-blank = { $part }: the part in brackets is not filled in.
lack-asked = { $part }: the other side asked for this. Supply it, or say why it cannot be supplied.
lack-too-long = { $part }: longer than { $max } (characters, or items of a list).
barred = { $bar ->
    [file] No file may travel in this matter; name the material by its hash.
    [file-kind] Papers only may travel in this matter: no pictures, recordings or archives.
    [address] No address that leads to the material may stand here.
    [bytes] This is data, not words; name the material by its hash.
    [not-hash] Write a hash in hexadecimal digits, one per line, and nothing else.
    [field] Leave this empty in such a matter.
    [personal] No personal data may be in this matter.
    [undeclared] This is personal data; say so where the request states whether it holds any.
    [mark] This may stand only in a request marked { $mark } or stricter.
   *[other] This may not stand here.
}
lack-barred = { $part }: { barred }
lack-unknown = { $part }: this type has no such part.

## Refusals of our own rules, with the remedy
refusal-unknown-version = The act is written in version { $version } of the vocabulary, which this node does not know. One side must upgrade.
refusal-wrong-instrument = The act stands under another version of the instrument. Both sides must run the same files.
refusal-unknown-case = There is no such case here. Check the reference.
refusal-case-exists = There is a case with this reference already. Open that one.
refusal-unknown-type = The instrument has no request type { $type }. Choose one that it has.
refusal-type-not-on = { $type } is declared but not yet in force. Choose a type that is.
refusal-unknown-office = { $office } is no office this act may name. Choose one of the instrument's.
refusal-not-a-party = { $party } is no side of this case.
refusal-not-competent = { $office } is not competent for this type. The instrument page lists the offices that are.
refusal-not-now = “{ $act }” is not open while the matter stands at “{ $stage }”. The page shows what is open now.
refusal-not-your-side = “{ $act }” is for the other side to do.
refusal-not-your-role = “{ $act }” is not for the { $role }. It is for the { $roles }.
refusal-wrong-hand = “{ $act }” is entered by a node where a person would, or the other way round.
refusal-four-eyes = Whoever drafted it may not sign it or answer for it. Another officer must.
refusal-unprepared = “{ $act }” is written by one officer and signed by another. Write it and hand it over; whoever neither wrote nor reviewed it signs.
refusal-incomplete = The request is not complete. What is missing: { $fields }.
refusal-gate-unanswered = The safeguard { $gate } has not been answered. It must be before this act.
refusal-gate-office = { $office } neither has this case nor acts in it here: its officers may not answer { $gate }.
refusal-unusable-name = A file has a name that cannot be used: it may hold no slash and no line break.
refusal-gate-role = The { $role } may not answer { $gate }.
refusal-gate-closed = The answer to { $gate } says that its condition is not met, so the act cannot be done.
refusal-gate-contradicted = The answer to { $gate } contradicts the record of the case. Read the record again, or ask for what is missing.
refusal-gate-reason-short = The reasons for { $gate } are too short: give at least { $min } characters, about this person and this place.
refusal-gate-without-reason = The answer to { $gate } needs reasons in { $lang } too: the other side reads it.
refusal-ground-not-admitted = { $ground } is not admitted for this type. Choose one of those listed.
refusal-not-returned-before = Nothing was returned as incomplete before. Return the request with a list of what is missing, or refuse on another ground.
refusal-reason-not-withholdable = The reason may not be withheld under { $ground }. Give it.
refusal-wordless = { $what } must not be empty.
refusal-too-long = { $what } is longer than { $max } (characters, or items of a list). Shorten it.
refusal-above-ceiling = Nothing marked as a state secret is carried. Prepare a version without what makes it one.
refusal-mark-too-weak = The sharing mark is weaker than this type allows. Choose a stricter one.
refusal-not-carried = { barred }
refusal-urgency-not-offered = This type offers no clocks for { $urgency }. Choose another urgency.
refusal-already-returned = The request was returned once already. Ask a question instead.
refusal-already-reconsidered = The refusal was reconsidered once already.
refusal-review-too-far = A postponed request is looked at again within { $days } days. Name an earlier day; it can be postponed anew then.
refusal-date-not-ahead = The date must lie ahead.
refusal-unknown-step = The type names no step { $step }.
refusal-steps-outstanding = These steps come first: { $steps }. Record them; only an answer may go before some of them, as an answer in part.
refusal-unknown-question = There is no open question { $question } put to this side.
refusal-bad-score = Usefulness is a whole number from 1 to 5.
refusal-wrong-level = Level { $level } is not the next one to be reached, or no answer is awaited there.
refusal-not-of-level = { $office } does not answer at level { $level }. The instrument page lists the offices of each level.
refusal-not-yet-due = The clock has not run out.
refusal-out-of-order = The act's place in the order is impossible: a number is skipped, repeated or claimed unseen.
refusal-impossible-time = The time of the act lies before what it answers, or ahead of now. Check the clocks of both nodes.
refusal-case-full = The case holds as many acts as a case may. Open a linked case.
refusal-changed = Somebody else changed the matter meanwhile. Reload the page and look again.
failure-fault = Something of ours failed and nothing was entered. The operator has been told; try again in a moment.

## What a peer did wrong
misbehaved-oversized = The other side sent more than is allowed.
misbehaved-truncated = What the other side sent ends too soon.
misbehaved-not-canonical = What the other side sent is not in the one agreed form.
misbehaved-malformed = What the other side sent cannot be read.
misbehaved-unknown-version = The other side uses a version of the format this node does not know.
misbehaved-unknown-suite = The other side used signatures or seals the instrument does not list.
misbehaved-bad-key = A public key of the other side cannot be used.
misbehaved-wrong-signature = A signature is false: the content was altered, or signed by another.
misbehaved-wrong-signature-set = It is not signed by exactly the keys the instrument demands.
misbehaved-unknown-recipient = It is not sealed to this office.
misbehaved-wrong-seal = The seal cannot be opened: it was altered or made wrongly.
misbehaved-commitment-mismatch = The opened content is not what was signed.
misbehaved-wrong-padding = The other side's program deviates from the format.
misbehaved-wrong-proof = A proof does not lead to the signed head of the log.
misbehaved-wrong-chunk = A piece of a file is missing or does not match.
misbehaved-wrong-origin = The head of another log was shown.
misbehaved-forked-log = The other side's log shows two histories. Keep both heads as evidence and consult.
misbehaved-rolled-back = The other side's log went back. It was restored or rewritten; consult.

# A node whose Party has signed several instruments
instruments = Instruments
instrument-with = with { $parties }
instrument-languages = The words of this instrument stand in { $langs }; those of the program in English or Chinese.
peer = Other Party
