# Amendments: new versions of the instrument, what differs between two, and why one cannot be signed or opened under.
refusal-instrument-not-in-force = That version of the instrument is signed, but its day has not come.
refusal-instrument-superseded = The matter was opened under a version of the instrument that its author knew to be amended.
refusal-amendment-unfit = The new version cannot be signed: { $why }
refusal-amendment-unread = This node has not read the file of the new version. Open the matter and look at it first.
refusal-amendment-pending = We have signed another amendment of the same version, { $case }, and the other side may still sign it. Settle that one first.
refusal-text-without-hash = The text must give the hash of the new version in full, in every language: both sides sign it.
refusal-signature-binds = We have signed, and the other side may still sign: “{ $act }” is open again once it proposes another text.

unfit-not-a-bundle = the file is no bundle of an instrument's files.
unfit-unsound = the files in it make no instrument, or one with errors.
unfit-other-hash = the files have another hash than the one named.
unfit-other-instrument = it is another agreement: its id differs.
unfit-amends-another = it amends another version than the one last signed.
unfit-same-version = it has the version number of the one it amends.
unfit-other-parties = the Parties, their languages or their signatures differ.
unfit-other-offices = the offices differ. New offices need new cards, exchanged by hand.
unfit-other-procedure = a type keeps its code but changes its procedure or series.

amendment-what = What would change
amendment-before = Version { $version } now
amendment-after = Version { $version } proposed
amendment-place = Where
amendment-none = Nothing differs but the version.
amendment-nothing = –
amendment-more = { $n ->
    [one] One more difference is not shown. The file has it.
   *[other] { $n } more differences are not shown. The file has them.
}
amendment-count = { $n ->
    [one] One difference
   *[other] { $n } differences
}
amendment-from = Takes force on { $day }, from midnight UTC, and never before both signatures are in both logs. Matters already open keep the version they began under.

versions = Versions
version = Version
version-since = In force from
version-case = Agreed in
version-standing = Standing
version-founding = Signed with the cards
version-in-force = In force
version-superseded = Superseded; matters opened under it keep it
version-awaits-day = Signed by both; its day has not come
version-awaits-receipt = Signed by both; our signature is not yet known to have arrived
case-version = Runs under version { $version }

amended-head = The instrument
amended-party = Party
amended-calendar = Calendar
amended-day = Day
amended-office = Office
amended-area = Area
amended-clause = Clause
amended-type = Type
amended-field = Content
amended-step = Step
amended-ground = Ground
amended-gate = Safeguard
amended-rung = Rung
amended-words = Words
amended-term = Term
amended-norm = Norm
