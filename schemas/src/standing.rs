//! What is known of where a device lives: the word in `panel.standing` and in the table `panel_coverage`.
//!
//! In: nothing. Out: the four words. What cannot be seen well enough is a class of its own: counted, and published
//! as coverage, not guessed.

/// What is known of where a device lives in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It has a primary residence.
    Located,
    /// It visits from abroad.
    FromAbroad,
    /// It was first seen too lately: a new phone, or a guest.
    New,
    /// It is seen too seldom to tell.
    NotEnoughSeen,
}

impl Standing {
    /// All of them, in the order of [`Standing::value`].
    pub const ALL: [Self; 4] = [Self::Located, Self::FromAbroad, Self::New, Self::NotEnoughSeen];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Located => "located",
            Self::FromAbroad => "from_abroad",
            Self::New => "new",
            Self::NotEnoughSeen => "not_enough_seen",
        }
    }

    /// The same in Japanese, for people.
    pub fn japanese(self) -> &'static str {
        match self {
            Self::Located => "居住地が分かる",
            Self::FromAbroad => "海外からの来訪",
            Self::New => "観測開始から間もない",
            Self::NotEnoughSeen => "観測が足りない",
        }
    }

    /// The value of its dimension in a cube.
    pub fn value(self) -> u16 {
        self as u16
    }
}
