# Texts both sign, plans, steps, property, and the care for what was handed over.

stage-negotiating = In negotiation
stage-signed = Signed by both
stage-live = Under way
stage-aborted = Stopped
next-negotiating = State a position, propose a text, or sign
next-signed = Go on to what was agreed, or close
next-live = Carry it out, then report
next-aborted = Report what happened

act-state-position = Position stated
act-propose-text = Text proposed
act-reserve = Reservation recorded
act-sign-text = Text signed
act-authorise = Authorised
act-extend = Later end named
act-adopt = Version named to go on under
act-abort = Stopped at once
act-conclude = Ended without a text
act-book-asset = Property booked
act-seek-consent = Consent sought
act-give-consent = Consent answered
act-recall = Recalled
act-correct = Corrected
act-report-compliance = Compliance reported
act-certify-deletion = Erasure certified
act-check-undertaking = Undertaking checked
act-discharge-undertaking = Undertaking discharged
act-cite-norm = Norm cited
act-log-contact = Contact noted

do-state-position = State a position
do-propose-text = Propose a text
do-reserve = Record a reservation
do-sign-text = Sign the text
do-authorise = Authorise
do-extend = Name a later end
do-adopt = Go on under another version
do-abort = Stop at once
do-conclude = End without a text
do-book-asset = Book property
do-seek-consent = Seek consent
do-give-consent = Answer the question of consent
do-recall = Recall what was sent
do-correct = Correct what was sent
do-report-compliance = Report compliance
do-certify-deletion = Certify erasure
do-check-undertaking = Check an undertaking
do-discharge-undertaking = Discharge an undertaking
do-cite-norm = Cite a norm
do-log-contact = Note a call or meeting

clock-turn = position, text or signature
clock-authorisation = authorisation
clock-consent = answer on consent
clock-compliance = report of compliance

form-words-state-position = Position
form-words-propose-text = What changed, and why
form-words-reserve = Reservation
form-words-sign-text = Remark
form-words-authorise = Who decided it at home, and within which bounds
form-words-extend = Why it must last longer
form-words-adopt = Why
form-words-abort = Why it is stopped
form-words-conclude = Where the matter was left
form-words-book-asset = On which ground: order, agreement, date
form-words-seek-consent = What would be passed on or used, and what for
form-words-give-consent = On which terms, or why not
form-words-recall = Why it is recalled
form-words-correct = What it should have said
form-words-report-compliance = What was done, recipient by recipient
form-words-check-undertaking = How it was established
form-words-discharge-undertaking = Why it is no longer needed
form-words-cite-norm = How the norm bears on the case
form-words-log-contact = Who spoke, and what was said

form-deed-item = For
form-deed-until-day = Until
form-deed-text = Text
form-deed-adopt-version = Version
form-deed-version = Version
form-deed-sign-version = I have read version { $version } in both languages and sign it for my side
form-deed-sha256 = Hash of the text (SHA-256)
form-deed-asset = Property
form-deed-movement = What happened to it
form-deed-amount = Amount
form-deed-consent-kind = Consent to
form-deed-recipient = Recipient
form-deed-consent = Question of consent
form-deed-granted = Consent given
form-deed-own-act = Our act, by number
form-deed-retraction = Recall or correction
form-deed-complied = Every copy reached
form-deed-erased = Acts whose contents were erased
form-deed-undertaking = Undertaking
form-deed-kept = Kept
form-deed-norm = Norm
form-deed-means = By which means

form-hint-until-day = Needed for: { $steps }
form-hint-text = In every language of the instrument; the versions are equally authentic.
form-hint-asset = A name both sides can recognise: account ending 4471, flat at 12 High Street.

form-money-amount = Amount
form-money-currency = Currency
form-hint-amount = Digits with a point, such as 1250.50
form-hint-currency = Three letters, such as GBP or CNY
form-wrong-money = Write the amount in digits, such as 1250.50, and the currency in three letters.

form-person-names = Names
form-hint-person-names = One a line, the usual one first, each as it is written, in any script.
form-person-born = Born
form-hint-person-born = Year, month, day as far as known: 1984, 1984-03, 1984-??-21
form-person-birthplace = Place of birth
form-person-sex = Sex
form-person-nationalities = Nationalities
form-hint-person-nationalities = Parted by commas
form-person-documents = Documents
form-hint-person-documents = One a line: kind; number; issuer
form-wrong-birth = This is no date. Write what is known, such as 1984-03, with ?? for a part that is not.
sex-male = male
sex-female = female
sex-unstated = not stated

form-place-words = Address or description
form-place-position = Position
form-hint-place-position = Latitude, longitude in degrees: 51.50735, -0.12776
form-wrong-position = Write latitude and longitude in degrees, such as 51.50735, -0.12776.

movement-restrain = restrained
movement-release = released
movement-confiscate = confiscated
movement-deduct-costs = costs deducted
movement-share = share kept
movement-return = sent back
movement-receive = arrived
movement-carry-restrained = carried on to the next case, restrained
movement-carry-confiscated = carried on to the next case, confiscated
movement-bring-restrained = brought in from the earlier case, restrained
movement-bring-confiscated = brought in from the earlier case, confiscated
heading-restrained = Restrained
heading-released = Released
heading-confiscated = Confiscated
heading-costs = Costs
heading-shared = Shared
heading-returned = Sent back
heading-received = Arrived
heading-carried-restrained = Carried on, restrained
heading-carried-confiscated = Carried on, confiscated
property-brought = { $asset }: { $sum } brought in from { $case }
property-carried = { $asset }: { $sum } carried on; in { $case } since

consent-onward-transfer = passing it on
consent-new-use = another use

label-value = { $label }: { $value }

story-signed = version { $version }, hash { $hash }…
story-erased = contents of { $n ->
    [one] 1 act
   *[other] { $n } acts
}

refusal-already-done = This side has done “{ $act }” already; the other side's is awaited.
refusal-text-not-on-table = Version { $version } is not on the table, or its words are others. Read the version on the table.
refusal-text-not-signed = The text must be signed by both sides first.
refusal-step-not-yet = The step { $step } comes after { $after }. Record that first.
refusal-step-barred = The step { $step } can no longer be recorded: { $by } stands.
refusal-step-twice = The step { $step } was recorded already.
refusal-step-not-yours = The step { $step } is for the other side to record.
refusal-step-not-now = The step { $step } cannot be recorded while the matter stands at “{ $stage }”.
refusal-step-without = The step { $step } and its { $what } do not fit: give it where the step asks for it, and only there.
refusal-asset-short = There is not so much of { $asset } to move. The ledger of the case shows what there is.
refusal-asset-later = You booked this property as new in another case of the same line. Bring it on from there.
refusal-unseen-letters = The name of the property has letters that cannot be seen, or blanks too many. Type it anew.
refusal-exercise-mixed = An exercise and a live matter do not continue each other. Begin a request of its own.
refusal-asset-earlier = This property stands in the case this one continues. Carry it on there, then bring it in here.
refusal-not-holder = The other side holds { $asset } and books it.
refusal-unknown-number = Nothing of number { $number } is open to “{ $act }”.
refusal-unknown-norm = The instrument lists no norm { $norm }.
refusal-text-awaited = { $type } waits for a text, { $text }, that both sides have not signed. Propose it by a consultation.
