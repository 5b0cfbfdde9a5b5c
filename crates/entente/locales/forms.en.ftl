# Words of the forms. forms.zh.ftl has the same keys; a test sees to it.

## Inputs
form-choose = Choose…
form-from-utc = From (UTC)
form-to-utc = To (UTC)
form-penalty-kind = Kind
form-penalty-years-max = Imprisonment up to a number of years
form-penalty-years = Years
form-wrong = { $n ->
    [one] One entry is not yet as it must be:
   *[other] { $n } entries are not yet as they must be:
}
form-wrong-date = Enter a date as year, month and day.
form-wrong-span = Enter both moments, each with day and hour.
form-wrong-years = Enter the number of years, 1 or more.
form-wrong-linked = Enter case references as they stand on the case page, parted by commas.
form-wrong-choice = Choose one of the list.
form-wrong-too-short = Too short: at least { $min } characters.
form-wrong-reason = Give the reasons; an answer without them does not count.
form-wrong-empty = Fill this in.
form-wrong-language = The text in { $lang } is missing.
form-wrong-too-long = Longer than { $max } (characters, or items of a list).
form-wrong-backwards = The beginning lies after the end.
form-wrong-passed = This day has passed. It must lie ahead at the signature.
form-wrong-blank = Fill in the part in brackets.
form-wrong-asked = The other side asked for this. Supply it, or say below why it cannot be supplied; not both.
form-needed-for = Required for { $urgencies }
form-wrong-file-count = An act carries 32 files at most. The others were not taken.
form-wrong-file-size = A file may have 5 GiB at most. It was not taken.

## Parts of a request
form-section-matter = The matter
form-section-handling = Handling
form-part-to = Addressed to
form-part-urgency = Urgency
form-part-mark = Sharing mark
form-part-classification = What your own marking amounts to
form-part-personal-data = Holds personal data
form-part-exercise = Exercise: nothing in it is real
form-hint-title = One line that names the matter, without names of persons.
form-hint-legal-basis = Usual here: { $bases }
form-hint-urgency-reason = What would be lost by waiting.
form-hint-needed-by = The day by which an answer is of use: a hearing, the end of custody, a limitation period.
form-hint-purpose = What the answer is for. It may be used for nothing else.
form-hint-mark = How far the other side may share it. The type allows none weaker.
form-hint-classification = Anything classified is never carried. Send a version without it.
form-hint-confidentiality = Only if the other side is to keep the request itself secret: say why.
form-hint-contact = The desk that answers at any hour: a role, never a person.
form-hint-linked = References of cases it belongs to, parted by commas.

## New request and draft
form-new-lead = What { $office } may begin. Each kind brings its own form, its clocks and its safeguards.
form-new-choose = Choose the kind of matter and the office it is addressed to.
form-new-roles = These are written by: { $roles }.
form-new-none = { $office } is not named as a sender of any type in force.
form-new-rules = Rules of this type
form-new-begin = Begin
form-new-drafts = Drafts of your office
form-draft-pill = Draft, seen by nobody outside your office
form-draft-handed = Handed over for signature
form-draft-answer = Answer its safeguards
form-draft-by = Drafted by { $name }
form-check = Before it can be sent
form-complete = Complete in both languages.
form-lacking = { $n ->
    [one] One part is missing:
   *[other] { $n } parts are missing:
}
form-saved = Saved.
form-save = Save and check
form-hand-over = Hand over for signature
form-remove = Remove
form-files-add = Add files
form-files-hint = Sealed piece by piece as they arrive; 5 GiB a file at most.
form-then = What happens next
form-then-words = An approver other than the drafter reads both languages, sees to the safeguards and signs. Only then does it leave the house.
form-preconsult-hint = The other side sees the text as it stands and may advise. It is not yet a request.
form-discard-hint = Throws the draft away for good.
form-discard = Discard the draft

## Signature
form-will-be-sent = What will be sent
form-signature = Signature
form-gates-left = { $n ->
    [one] One safeguard is still to be answered.
   *[other] { $n } safeguards are still to be answered.
}
form-sign-words = Read both languages. What you sign is exactly what stands on this page.
form-sign-go = Go on to the signature
form-sign-title = Sign and send this request?
form-sign-roles = Signs: { $roles }. The drafter never signs.
form-take-back-hint = Changing the text afterwards withdraws the answers given to the safeguards.
form-take-back = Take back to change it
form-confirm-title = Sign and send this?
form-confirm-how = How it goes out
form-confirm-by = Signed by
form-confirm-binding = Signed with your office's key, sealed for the other side, and entered in both logs. It cannot be unsent.
form-confirm-half = Some of these words stand in one language only. They are sent as they are, and the original prevails. Go back if the other side should read both.
form-confirm-sign = Sign and send
form-confirm-back = Go back and change it

## Safeguards
form-gate-finding = What do you find?
form-gate-reason = Reasons
form-gate-anew = Answer anew
form-gate-open = Not answered.
form-gate-theirs = Answered by: { $roles }. The question stands on their desk; nothing need be sent.
form-gate-min = At least { $min } characters, about this person and this place.
form-gate-langs = Give the reasons in every language: the other side reads them.
form-gate-keep = Keep this answer
form-gate-saved = The answer is kept. What you typed to the other questions stays here and is not kept yet.

## Acts
form-review = Read it before signing
form-cancel = Cancel
form-back-case = Back to the case
form-act-plain = This act needs no words. It is signed and entered in both logs.
form-act-answers = The safeguards below are yours to answer. Then it is done by: { $roles }.
form-act-roles = It is done by: { $roles }.
form-context = What it answers
form-rows-more = More rows
form-more-fields = Other parts of the request
form-file-drop = Leave this file out
form-row-return-incomplete = { $n }. Missing part
form-row-offer-conditions = { $n }. Kind of condition
form-deed-to = To the office
form-deed-ground = Ground of refusal
form-deed-considered = Why neither a part nor conditions would serve
form-deed-withheld = Withhold the reason (RF-16)
form-deed-review-on = Looked at again on
form-deed-step = Step
form-deed-until = Until
form-deed-question = Question
form-deed-extent = How far the answer goes
form-deed-usefulness = How useful it was
form-deed-urgency = Urgency from now on
form-deed-level = Level of the ladder
form-deed-reference = Your reference
form-deed-officer = Named officer
form-deed-contact = How to reach that officer's desk
form-deed-other = Something else
form-deed-unable = { $part }: why it cannot be supplied
form-hint-reference = What your office calls the matter.
form-hint-officer = Who has the matter and answers for it.
form-hint-desk = At any hour: a role address or duty desk.
form-hint-review-on = The day on which your office, or its node, takes the matter up again.
form-hint-until = On the clock of { $place }.
form-hint-supplement = Answer here whatever was asked for beside the parts above.
form-hint-extent = A full answer needs these steps recorded first: { $steps }.
form-hint-considered = Asked of every refusal: a part, or conditions, come first.
form-hint-refusal = Left empty only where the reason is withheld.
form-hint-withheld = Allowed beside RF-01 and RF-09 alone.
form-usefulness-1 = 1 · not useful
form-usefulness-2 = 2 · of little use
form-usefulness-3 = 3 · useful
form-usefulness-4 = 4 · very useful
form-usefulness-5 = 5 · decisive
form-words-advise = Advice on the draft
form-words-transfer = Why it is passed on
form-words-return-incomplete = { $n }. What is wanted
form-words-supplement = Covering note
form-words-offer-conditions = { $n }. The condition
form-words-accept-conditions = Written guarantee
form-words-decline-conditions = Why not, and what you could promise instead
form-words-postpone = Why it is postponed
form-words-accept = Note to the other side
form-words-accept-part = What is accepted, and why not the rest
form-words-refuse = Reasons
form-words-reconsider = Why the refusal should be reconsidered
form-words-uphold = Why the refusal stands
form-words-reopen = Why the matter is taken up again
form-words-record = What was done
form-words-preserve = What is preserved
form-words-interim = Answer so far
form-words-ask = Question
form-words-reply = Reply
form-words-respond = Answer
form-words-report-outcome = What it was used for, within the permitted use
form-words-close = What both sides may learn from it
form-words-withdraw = Why it is withdrawn
form-words-confirm-release = What was released
form-words-regrade = Why
form-words-escalate = Why it is raised
form-words-answer-escalation = Answer at this level
