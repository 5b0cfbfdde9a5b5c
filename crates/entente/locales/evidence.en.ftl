# The dispute bundle: the words of its files.

evidence-case = Case
evidence-act = Act
evidence-kind = What was done
evidence-party = Party
evidence-office = Office
evidence-signed-at = Signed
evidence-readme =
    This file proves one case between two Parties: { $case }.

    It was made by the node of { $maker }; the other side is { $other }. Acts: { $acts }. Acts whose content its maker left out: { $left }. Acts erased at the end of their time: { $erased }. Attached files are not in it: each act names them by SHA-256, so that a file handed over beside it can be compared.

    acts/ has a folder for each act, in which act.en.txt and act.zh.txt are for reading and act.json for programs. Evidence are envelope.cose (the message as it was sent, signed), content.bin (a salt and the signed act, whose SHA-256 the envelope commits to), receipt.cose (the other Party's signed receipt), and for each Party's log the entry and the proof that it stands there.
    cards/ has both Parties' public keys, logs/ the state of both logs with signatures, instruments/ the rules the case ran under.

    To check everything: entente ledger verify FILE. To check it with other people's tools: docs/verify-yourself.md in the program's source. Compare the fingerprints of both cards with what the Parties say elsewhere; all else follows from them.

    The names of parts in act.en.txt and act.zh.txt are those of the signed act and are not translated.
