# Amendments: new versions of the instrument, what differs between two, and why one cannot be signed or opened under.
refusal-instrument-not-in-force = That version of the instrument is signed, but its day has not come.
refusal-instrument-superseded = The matter was opened under a version of the instrument that its author knew to be amended.
refusal-amendment-unfit = The new version cannot be signed: { $why }
refusal-amendment-unread = This node has not read the file of the new version. Open the matter and look at it first.
refusal-amendment-pending = We have signed another amendment of the same version, { $case }, and the other side may still sign it. Settle that one first.
refusal-office-keys-awaited = { $office } is new: its keys have not come from the other side yet. They come by themselves once the nodes have spoken.
refusal-text-without-hash = The text must give the hash of the new version in full, in every language: both sides sign it.
refusal-signature-binds = We have signed, and the other side may still sign: “{ $act }” is open again once it proposes another text.

unfit-not-a-bundle = the file is no bundle of an instrument's files.
unfit-unsound = the files in it make no instrument, or one with errors.
unfit-other-hash = the files have another hash than the one named.
unfit-other-instrument = it is another agreement: its id differs.
unfit-amends-another = it amends another version than the one last signed.
unfit-same-version = it has the number of a version that both sides have signed.
unfit-other-parties = the Parties, their languages or their signatures differ.
unfit-office-dropped = an office is missing that running matters may lie with. Take it out of the types instead.
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
amendment-from = Takes force on { $day }, from midnight UTC, and never before both signatures are in both logs. Matters already open keep the version they began under, unless both sides say otherwise.

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

adopt-heading = Version of the instrument
adopt-now = The matter runs under it
adopt-until = The matter ran under it until { $when }
adopt-named = would go on under version { $version }
adopt-awaited = The other side has not said so yet: nothing changes until it does
adopt-go-on = Go on under version { $version }
adopt-stay = Stay with version { $version }
adopt-asked = The other side has named it. If you name it too, the matter goes on under it at once.

story-in-force = Version { $version } of the instrument is in force now. What is opened from here on runs under it; what runs keeps its own.

amendment-how = The new version
amendment-how-take = Take the files to be changed from the version signed last.
amendment-how-change = Change them in any text editor: the other languages with the first. Number and predecessor are written by this node.
amendment-how-attach = Attach the changed files under their names, all others stay as they are, and have the new version made.
amendment-how-look = Look at what would change, in every language; hash and file are then in their places.
amendment-files = Files of version { $version }
amendment-gather = Make the new version of these files
amendment-gather-hint = What was attached gives way to one file, the whole instrument in its new version, and its hash is filled in. To change it again, attach a file once more.
amendment-unsound = { $n ->
    [one] No version was made of these files: the checker found an error.
   *[other] No version was made of these files: the checker found { $n } errors.
}
amendment-text = “{ $title }” is amended. The version whose hash (SHA-256) is { $hash } follows version { $before }. It takes force on { $day } at 00:00 UTC, or once both signatures are in both logs, whichever is later. Matters already open keep the version they began under unless both sides say otherwise. All languages are equally authentic.
amendment-day-open = The day on which it takes force is not filled in yet.
amendment-not-made = No version was made of the draft's files yet.
versions-next = A further version is proposed as a matter of type
version-bundle = The version in one file

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
