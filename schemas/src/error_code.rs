//! Codes of the errors that end a command: what is looked up, and what a script acts on.
//!
//! In: nothing. Out: [`ErrorCode`], one for all errors after which somebody does the same. Each crate says the code of
//! its own errors in a `match` without a wildcard, so that the compiler asks for the code of a new one; `codes.md` of
//! the book has a heading for each, which a test compares. A code never changes its meaning: one that is not needed any
//! more leaves a gap, and its number is not given again.

/// Writes the enum, its list and its names from one table, so that none of them lacks a code.
macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal,)*) => {
        /// What is wrong, as coarse as what one does about it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $doc])* $name,)*
        }

        impl ErrorCode {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// As it is printed: `K201`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

codes! {
    /// Something is wrong in Kayoi itself, or has no code of its own.
    Defect = "K001",
    /// The system gives no thread or no random numbers.
    System = "K002",

    /// A word of the command line cannot be used.
    Argument = "K101",
    /// A file of settings, a variable or a definition cannot be used.
    Settings = "K102",
    /// A file or folder beside the lake cannot be read or written.
    File = "K103",
    /// What was checked is not as it should be.
    Check = "K104",

    /// There is no lake where one is needed.
    NoLake = "K201",
    /// The lake is of another version of Kayoi.
    OtherVersion = "K202",
    /// A file of the lake is missing or cannot be understood.
    Damaged = "K203",
    /// Another job holds the lease of the lake.
    Leased = "K204",
    /// Another process was first.
    Raced = "K205",
    /// Two processes ingest the same.
    TwoReaders = "K206",
    /// The lake is there, and what is asked for is not in it yet.
    NothingYet = "K207",
    /// Tables that do not belong together, or not to this definition.
    NotWhole = "K208",
    /// A run of buckets does not go on.
    OpenRun = "K209",
    /// The folder of the lake cannot be written or read.
    LakeFolder = "K210",

    /// The address of a bucket, or its settings, cannot be used.
    StoreAddress = "K301",
    /// The store does not answer.
    StoreUnreachable = "K302",
    /// The store lets nobody in with these credentials.
    StoreDenied = "K303",

    /// The brokers do not answer, or not as they should.
    Brokers = "K401",
    /// The brokers refuse the login, or TLS fails.
    BrokersDenied = "K402",
    /// There is no such topic.
    NoTopic = "K403",
    /// Kafka has deleted records that were not read.
    RecordsLost = "K404",
    /// The topic is not the one that was read before.
    OtherTopic = "K405",
    /// The schema registry does not answer, or not as one does.
    Registry = "K406",
    /// The schema registry refuses the login.
    RegistryDenied = "K407",

    /// A file of a partner cannot be read to its end.
    Delivery = "K501",
    /// Columns, fields or a schema do not fit the contract.
    Contract = "K502",
    /// Too many records were rejected.
    Rejects = "K503",

    /// The key of the pseudonyms is not there.
    NoKey = "K601",
    /// A key or a secret is another one than the lake's.
    OtherKey = "K602",
    /// A file of a key, a secret or a password cannot be used.
    SecretFile = "K603",

    /// Borders cannot be imported or read.
    Borders = "K701",
    /// A table of people or of places cannot be used.
    OwnTable = "K702",
    /// Municipality codes cannot be converted.
    Conversion = "K703",

    /// The release would cost more privacy than its budget.
    Budget = "K801",
    /// What was asked for does not go with the lake's series.
    Series = "K802",
    /// Seeds or record of a series are gone or damaged.
    SeriesFiles = "K803",
    /// There is no such release, or it may not be retired.
    NoRelease = "K804",
    /// A release is not as it was published.
    NotAsPublished = "K805",

    /// An address cannot be listened on.
    Address = "K901",
    /// Certificate or key of a server cannot be used.
    Certificate = "K902",
    /// The OpenID provider cannot be asked or believed.
    Provider = "K903",
    /// A server would show others what nobody has decided to show.
    Exposed = "K904",
    /// A cluster cannot start or does not get on.
    Cluster = "K905",
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn codes_ascend_and_none_is_given_twice() {
        let codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
        let is_number = |code: &str| {
            let digits = code.strip_prefix('K').unwrap_or_default();
            digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit())
        };
        assert!(codes.iter().all(|code| is_number(code)), "{codes:?}");
    }
}
