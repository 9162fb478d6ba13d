//! Whether a figure may be read, in one closed list of words for every table, door and page.
//!
//! In: nothing. Out: [`Status`] with its words in both languages, and [`Quality`], how sure a figure is.

/// What stands in the place of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The figure stands, and will not change.
    Published,
    /// The figure stands, and its month will be published again, once.
    Provisional,
    /// No figure at this size; that of the finest shown rung stands beside, and is named.
    RolledUp,
    /// No figure at this size. Why is not said, it is never 0, and how few it may be is not said either.
    Hidden,
    /// Too few phones to estimate.
    NotObserved,
    /// Not computed yet; the date of the next release stands beside.
    NotComputed,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Published,
        Self::Provisional,
        Self::RolledUp,
        Self::Hidden,
        Self::NotObserved,
        Self::NotComputed,
    ];

    /// The word in the `status` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Provisional => "provisional",
            Self::RolledUp => "rolled_up",
            Self::Hidden => "hidden",
            Self::NotObserved => "not_observed",
            Self::NotComputed => "not_computed",
        }
    }

    /// The word in Japanese.
    pub fn japanese(self) -> &'static str {
        match self {
            Self::Published => "公表",
            Self::Provisional => "速報",
            Self::RolledUp => "まとめた値",
            Self::Hidden => "秘匿",
            Self::NotObserved => "観測不足",
            Self::NotComputed => "未集計",
        }
    }

    /// What a reader should know, in Japanese.
    pub fn note_ja(self) -> &'static str {
        match self {
            Self::Published => "値と95%の区間。確報であり、変わらない。",
            Self::Provisional => "値と95%の区間。速報であり、確報で一度だけ置き換わる。",
            Self::RolledUp => "この区分では値を出していません。より大きな区分の値を示しています。",
            Self::Hidden => "この大きさでは値を出していません。0人という意味ではありません。",
            Self::NotObserved => "推計に足る端末がありません(日の値では欠測)。",
            Self::NotComputed => "まだ集計していません。次の公表で値が入ります。",
        }
    }

    /// What a reader should know, in English.
    pub fn note_en(self) -> &'static str {
        match self {
            Self::Published => "A value with its 95 % interval; it is final.",
            Self::Provisional => "A value with its 95 % interval; it is replaced once, by the final one.",
            Self::RolledUp => "Not shown by itself; the value of a coarser group stands beside it.",
            Self::Hidden => "Not shown at this size. It does not mean zero.",
            Self::NotObserved => "Too few phones to estimate; of a day, the data are missing.",
            Self::NotComputed => "Not computed yet; the next release has it.",
        }
    }

    /// Whether a value of its own stands in the row.
    pub fn has_value(self) -> bool {
        matches!(self, Self::Published | Self::Provisional)
    }
}

/// How sure a figure is, by its coefficient of variation, with the limits of Statistics Canada.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// Up to 16.5 %.
    A,
    /// Up to 33.3 %: use with care.
    B,
    /// More.
    C,
}

impl Quality {
    /// The class of a coefficient of variation.
    pub fn of(variation: f64) -> Self {
        match variation {
            v if v <= 0.165 => Self::A,
            v if v <= 0.333 => Self::B,
            _ => Self::C,
        }
    }

    /// The letter in the `quality` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}
