# What one officer writes and another signs, between the pen and the signature.
prepared-desk = Being prepared for signature
prepared-review = Review: { $act }
prepared-sign = Sign: { $act }
prepared-mend = Sent back to you: { $act }
prepared-write = Go on writing: { $act }
prepared-wait = Waiting for others: { $act }
prepared-by = written by { $name }
prepared-version = version { $n }
prepared-writing = Being written, seen by nobody outside your office
prepared-handed = Handed over for review and signature
prepared-returned = Sent back to whoever wrote it
prepared-returned-by = Sent back by { $name }:
prepared-none = Nothing has been written yet. { $roles } may write it; then its safeguards are answered for these very words, and another officer signs.
prepared-form = You write it, and another officer signs it. Save it as far as it goes; hand it over once it is complete.
prepared-save = Save
prepared-hand-over = Hand over for review and signature
prepared-edit = Change it
prepared-edit-hint = Changing the words or the files drops the answers given to its safeguards: they were given for what stands here.
prepared-lacks = Before it can be handed over:
prepared-earlier = The words have changed since these safeguards were answered. They are to be answered anew, for what stands here now.
prepared-moved = { $n ->
    [one] One act has been entered in the case since this was written.
   *[other] { $n } acts have been entered in the case since this was written.
} Look whether it still answers them.
prepared-sign-words = You sign exactly what stands on this page: { $version }. It goes out at once.
prepared-signed-by = Signs: { $roles }, being neither the writer nor who answered its safeguards.
prepared-own = You wrote of it: another officer signs.
prepared-reviewed = You answered its safeguards: another officer signs.
prepared-either = You may review it or sign it, not both: whoever answers its safeguards leaves the signature to another officer.
prepared-no = A safeguard says that the condition is not met. Until that answer changes, it is not signed; send it back if the words must change.
prepared-waits = It has not been handed over yet.
prepared-back = Send it back
prepared-back-reason = What the writer should change
prepared-back-hint = It stays in the house; the other side never sees it.
prepared-discard = Throw it away
prepared-discard-hint = Nothing of it has left the house. Answers that said no stay on record.
prepared-open = { $act }: { $standing }
prepared-told-hand-over = Saved. Hand it over with: { $command }
prepared-told-review = Whoever reviews it reads it with: { $command }
prepared-told-sign = Its safeguards are answered. Another officer signs with: { $command }
