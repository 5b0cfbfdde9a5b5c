//! The closed list of what a reader may find wrong, and of what a conversion may lose, each with its one stable code.
//!
//! Owns the codes; words for them stand in the locale files of the program. Must not know any format.

use domain::menu::Menu;

macro_rules! menu {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $choice:ident = $code:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $choice,)* }

        impl Menu for $name {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$choice, $code),)*];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

pub(crate) use menu;

menu! {
    /// What a reader may find.
    Code {
        /// A character XML or the format forbids, such as NUL.
        BadCharacter = "bad-character",
        /// A check digit that does not follow from what it guards (ICAO 9303-3 §4.9).
        BadCheckDigit = "bad-check-digit",
        /// A value outside the code list of its element.
        BadChoice = "bad-choice",
        /// A position off the globe, a ring not closed, a polygon of too few points.
        BadGeometry = "bad-geometry",
        /// A hash of the wrong length or alphabet.
        BadHash = "bad-hash",
        /// An identifier of the wrong form.
        BadId = "bad-id",
        /// A line that is none of the format.
        BadLine = "bad-line",
        /// A name the format does not allow for a property, element or column.
        BadName = "bad-name",
        /// An end before its beginning.
        BadOrder = "bad-order",
        /// A pattern that cannot be parsed.
        BadPattern = "bad-pattern",
        /// A selector that selects nothing.
        BadSelector = "bad-selector",
        /// A date or time of the wrong form, or that is none.
        BadTime = "bad-time",
        /// A type of the wrong name.
        BadType = "bad-type",
        /// A value its element or property does not allow.
        BadValue = "bad-value",
        /// A byte-order mark where none may stand.
        ByteOrderMark = "byte-order-mark",
        /// Two parts that contradict each other.
        Conflict = "conflict",
        /// A document type declaration: never read.
        Doctype = "doctype",
        /// An attribute given twice.
        DuplicateAttribute = "duplicate-attribute",
        /// A key given twice.
        DuplicateKey = "duplicate-key",
        /// A list or element without contents that must have some.
        EmptyList = "empty-list",
        /// An encoding that is not read.
        Encoding = "encoding",
        /// An entity other than the five of XML: never expanded.
        Entity = "entity",
        /// A key longer than any format has.
        KeyTooLong = "key-too-long",
        /// A line longer than any format has.
        LineTooLong = "line-too-long",
        /// Half of a surrogate pair: no Unicode text.
        LoneSurrogate = "lone-surrogate",
        /// A property, element or column that must be given.
        MissingProperty = "missing-property",
        /// Not a bundle of STIX.
        NotABundle = "not-a-bundle",
        /// Not a number of JSON, such as `NaN`.
        NotANumber = "not-a-number",
        /// Deviates from the published schema as its own publisher does; read all the same.
        NotBySchema = "not-by-schema",
        /// A component or document that does not end.
        NotClosed = "not-closed",
        /// Not the format asked for.
        NotThisFormat = "not-this-format",
        /// Not JSON.
        NotJson = "not-json",
        /// Not UTF-8.
        NotUtf8 = "not-utf8",
        /// Not well-formed XML.
        NotXml = "not-xml",
        /// Null where a property should be left out.
        NullValue = "null-value",
        /// A number that cannot be kept as it is.
        NumberRange = "number-range",
        /// A standard marking redefined.
        RedefinedMarking = "redefined-marking",
        /// An element or property given more often than allowed.
        Repeated = "repeated",
        /// Two bodies under one id.
        SameId = "same-id",
        /// A text longer than any format has.
        TextTooLong = "text-too-long",
        /// Nesting without end.
        TooDeep = "too-deep",
        /// A file larger than read.
        TooLarge = "too-large",
        /// More attributes on one element than any format has.
        TooManyAttributes = "too-many-attributes",
        /// More objects, lines or elements than read.
        TooManyObjects = "too-many-objects",
        /// More values than read.
        TooManyValues = "too-many-values",
        /// Cut short: the value goes on in the document itself.
        Truncated = "truncated",
        /// A prefix bound to no namespace.
        UndeclaredPrefix = "undeclared-prefix",
        /// An element, property or column the standard does not define; kept.
        Unknown = "unknown",
        /// A type the standard does not define; kept.
        UnknownType = "unknown-type",
        /// A time zone that is neither defined in the file nor known.
        UnknownZone = "unknown-zone",
        /// An address, or a file name, that must never be followed or used as it is.
        UnsafeLink = "unsafe-link",
        /// A value of the wrong kind.
        WrongKind = "wrong-kind",
        /// A namespace that is not this format's.
        WrongNamespace = "wrong-namespace",
        /// A version that is not read.
        WrongVersion = "wrong-version",
    }
}

menu! {
    /// What a conversion may lose or has to add.
    LossCode {
        /// The common form between two formats has no place for it.
        NotCarried = "not-carried",
        /// The target format has no place for it.
        NoPlace = "no-place",
        /// The target format has no place for the whole record.
        NoSubject = "no-subject",
        /// Kept less exactly than it was given.
        Coarser = "coarser",
        /// The target demands what the source does not say; this stands there now.
        PutIn = "put-in",
        /// A signature: what is written is new, and it no longer covers it.
        Signature = "signature",
        /// The record could not be written by the target's rules and is left out.
        LeftOut = "left-out",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_once() {
        fn check<M: Menu + std::fmt::Debug>() {
            for (choice, code) in M::ALL {
                assert_eq!(M::from_code(code), Some(*choice), "{code}");
            }
        }
        check::<Code>();
        check::<LossCode>();
    }
}
