# The printed story.
story-person = { $name }, { $role }, { $office }
story-drafter = Written by { $name }, { $role }
story-node = The node of { $office } by itself, because a clock ran out
story-quoted = “{ $words }”
story-reference = Reference { $reference }; the officer in charge is { $officer }
story-next = { $party } owes: { $what }, by { $when }
story-moot = It crossed another act in the post and has no effect.
story-restart = Both nodes were stopped and started again.
story-log = { $party }: { $origin }: { $entries } entries, { $checkpoints } sound checkpoints; root { $root }
story-copy = { $party }: copy of { $origin }: { $entries } entries, { $checkpoints } sound checkpoints; root { $root }
story-matched = Messages in both logs: { $n }; on the way: { $pending }; cases: { $cases }
story-holds = Everything holds: both capitals have the same cases, and each log bears the other out.
story-wanting = Something does not hold; what is wrong stands above.
story-balance = The money of this case now ({ $asset }): { $sums }
story-own-law = (own law of { $party }, this node only) { $what }
