# What the procedures call things, and the parts of a case only some of them have.

## What an officer can do
doing-request = Request
doing-request-lead = Ask the other side for information or action. It answers, or refuses on a ground.
doing-notify = Notify
doing-notify-lead = Tell the other side. It acknowledges and says what it did; nobody can refuse.
doing-agree = Agree
doing-agree-lead = Settle a text or a plan that both sides sign.
doing-match = Match
doing-match-lead = Learn whether the other side knows somebody, and nothing more.
doing-concern = Raise a concern
doing-concern-lead = Say that a promise seems not to be kept, be answered, consult. Nobody is judged.
new-clock = { $clock }: { $span }
new-steps = { $n ->
    [one] 1 step of its own
   *[other] { $n } steps of its own
}
new-groups = What do you want to do?

## Acts, as each procedure calls them
act-submit-notice = Notice given
act-submit-matching = Check asked for
act-submit-joint = Proposal made
act-submit-negotiation = Consultation proposed
act-submit-undertaking = Concern raised
do-submit-notice = Give the notice
do-submit-matching = Ask for the check
do-submit-joint = Make the proposal
do-submit-negotiation = Propose the consultation
do-submit-undertaking = Raise the concern
act-withdraw-notice = Notice withdrawn
act-withdraw-matching = Check called off
act-withdraw-joint = Proposal withdrawn
act-withdraw-negotiation = Consultation called off
act-withdraw-undertaking = Concern withdrawn
do-withdraw-notice = Withdraw the notice
do-withdraw-matching = Call the check off
do-withdraw-joint = Withdraw the proposal
do-withdraw-negotiation = Call the consultation off
do-withdraw-undertaking = Withdraw the concern
act-close-notice = Notice closed
act-close-joint = Undertaking closed
act-close-negotiation = Consultation closed
act-close-undertaking = Concern closed
do-close-notice = Close the notice
do-close-joint = Close the undertaking
do-close-negotiation = Close the consultation
do-close-undertaking = Close the concern
act-report-outcome-notice = Said what was done
act-report-outcome-joint = Results reported
do-report-outcome-notice = Say what was done
do-report-outcome-joint = Report the results
act-lapse-notice = Expired
act-accept-joint = Joined
do-accept-joint = Join
act-respond-matching = Result given
act-respond-undertaking = Concern answered
do-respond-matching = Give the result
do-respond-undertaking = Answer the concern

## Stages, as each procedure calls them
stage-submitted-notice = Given
stage-submitted-joint = Proposed
stage-submitted-negotiation = Proposed
stage-submitted-undertaking = Raised
stage-outcome-reported-notice = Said what was done
stage-outcome-reported-joint = Results reported
stage-lapsed-notice = Expired
stage-accepted-joint = Joined
stage-responded-matching = Result given
stage-negotiating-negotiation = In consultation
stage-negotiating-undertaking = In consultation

## What comes next, as each procedure calls it
next-acknowledged-notice = Say what was done
next-acknowledged-joint = Join, or settle the text first
next-acknowledged-negotiation = State a position or propose a text
next-acknowledged-undertaking = Answer the concern
next-acknowledged-matching = Take up and check
next-under-review-matching = Give the result
next-accepted-joint = Authorise
next-signed-joint = Authorise
next-signed-negotiation = Close the consultation
next-signed-undertaking = Close the concern
next-live-joint = Carry it out, then report the results
next-aborted-joint = Report what happened
next-responded-undertaking = Consult, or end the matter
next-withdrawn-notice = Confirm that nothing more is done on it
next-duty = Answer what is still owed
duty = a duty after the end
clock-outcome-notice = word of what was done
clock-outcome-joint = report of the results
clock-outcome-undertaking = next word
clock-completion-matching = result
clock-completion-undertaking = answer to the concern
clock-completion-joint = end of the undertaking
clock-decision-joint = word whether it joins

## Who began it, and what began it
in-notice-direction-outgoing = We notify
in-notice-direction-incoming = They notify
in-joint-direction-outgoing = We propose
in-joint-direction-incoming = They propose
in-negotiation-direction-outgoing = We propose
in-negotiation-direction-incoming = They propose
in-undertaking-direction-outgoing = We raise it
in-undertaking-direction-incoming = They raise it
in-notice-request = The notice
in-matching-request = The check asked for
in-joint-request = The proposal
in-negotiation-request = The proposal
in-undertaking-request = The concern
in-notice-form-sign-title = Sign and give this notice?
in-matching-form-sign-title = Sign and ask for this check?
in-joint-form-sign-title = Sign and make this proposal?
in-negotiation-form-sign-title = Sign and propose this?
in-undertaking-form-sign-title = Sign and raise this concern?

## Text
matter-text = Text
text-version = Version { $n }
text-on-table = On the table
text-agreed = Signed by both
text-signed = signed
text-unsigned = not signed yet
text-marked = Changed since version { $n }:
text-new = new
text-gone = gone
text-reservations = Reservations
text-positions = Positions
form-sign-text-hash = What is signed: SHA-256

## Plan
matter-plan = Plan
plan-authorised = authorised
plan-awaited = authorisation awaited
plan-period = Period
plan-extended = Extended by both until
plan-named = Later end named
plan-named-awaited = the other side's word awaited

## Steps
matter-steps = Steps
step-done = recorded
step-now = may be recorded now
step-ahead = not yet open
step-passed = not taken
step-or = or
step-count = { $done } of { $all }
step-item-open = not yet
step-void = void: a new version of the text has been proposed since
measure-left = { $n ->
    [one] 1 working day left
   *[other] { $n } working days left
}
measure-next = Next: { $steps }
measure-last-day = last day today
measure-over = has run out
measure-until = until { $day }
measure-calendar = working days of the { $party } calendar
form-step-needs-date = Name the day until which it holds.

## Property
matter-property = Property
property-total = In all
property-held = held by { $party }
property-balance = Balance
property-movements = { $n ->
    [one] 1 movement
   *[other] { $n } movements
}

## Care
matter-care = Care for what was handed over
care-acts = Care, norms and contacts
care-kept = kept
care-broken = not kept
care-in-force = in force
care-discharged = discharged
care-consents = Consent
care-asked = asked by { $party }
care-granted = given
care-denied = not given
care-owed = owed by { $party }
care-retractions = Recalls and corrections
care-recall = recalls what it sent as act { $n }
care-correction = corrects what it sent as act { $n }
care-complied = every copy reached
care-not-complied = not every copy reached
care-deletions = Erasures
care-erased = { $n ->
    [one] erased the contents of 1 act
   *[other] erased the contents of { $n } acts
}
care-norms = Norms cited
care-contacts = Calls and meetings

## Desk and lists
desk-measures = Measures that run out
desk-duties = Owed for what was handed over
measure = Measure
duty-owed = Owed
area = Area
procedure = Procedure
type-steps = Steps of its own
type-step-by = Recorded by
type-step-needs = Order and needs
type-step-after = after { $steps }
type-step-before = before: { $acts }
type-step-dated = holds until a day that must be named
type-step-per = for each of: { $field }
type-step-repeats = may be recorded again
type-step-or = instead of { $steps }
side-requesting = the side that asks
side-requested = the side that is asked
either-side = either side
directory-types = Begins
directory-types-in = Receives
what-until = the last day
what-assets = items of property
type-step-when = where “{ $field }” is: { $is }
