//! Arguments of `kayoi user`.

use clap::{Args, Subcommand, ValueEnum};

use super::LakeOption;

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi user add taro --area 20214             taro sees figures of 20214 Chino, and of prefectures and the country
  kayoi user add hanako --area 20 --area 19    two prefectures
  kayoi user add kansa --role auditor          reads who asked what: SELECT * FROM audit
  kayoi user add alpha --role partner --partner lbma-alpha    reads how its deliveries fared: SELECT * FROM delivery_quality
  kayoi user add jiro --subject 248289761001   signs in with tokens of an OpenID provider: kayoi serve --oidc-issuer
  kayoi user token taro --days 30              for scripts: Authorization: Bearer kayoi_…
  kayoi user list --json")]
pub(crate) struct UserOptions {
    #[command(subcommand)]
    pub(crate) action: UserAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserAction {
    /// Add a user, and print a password once; or change what one may see
    Add(UserAdd),
    /// Who may ask, and what they see
    List(UserList),
    /// Give a user a new password, which ends all tokens
    Password(UserPassword),
    /// Print a token for scripts, once
    Token(UserToken),
    /// Take a user off the list: open connections ask no more
    Revoke(UserName),
}

#[derive(Debug, Args)]
pub(crate) struct UserName {
    /// Name that is typed to sign in: small letters, digits, `_`, `.` and `-`
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
}

#[derive(Debug, Args)]
pub(crate) struct UserAdd {
    #[command(flatten)]
    pub(crate) user: UserName,
    /// What they are here for
    #[arg(long, value_enum, default_value = "analyst")]
    pub(crate) role: UserRole,
    /// Code of a municipality or a prefecture whose figures they see; may be repeated [default: all]
    #[arg(long = "area", value_name = "CODE")]
    pub(crate) areas: Vec<String>,
    /// A table that they see; may be repeated [default: all]
    #[arg(long = "table", value_name = "NAME")]
    pub(crate) tables: Vec<String>,
    /// Whose deliveries a partner reads: the name that its feed's configuration gives it
    #[arg(long, value_name = "NAME", required_if_eq("role", "partner"), conflicts_with_all = ["areas", "tables"])]
    pub(crate) partner: Option<String>,
    /// What an OpenID provider calls them, the claim `sub` of its tokens; no password is made then, and '' takes it away
    #[arg(long, value_name = "SUB")]
    pub(crate) subject: Option<String>,
    /// Read the password from standard input instead of making one
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum UserRole {
    /// Asks about released figures
    Analyst,
    /// The same, and writes what its towns aim at: `kayoi kpi`
    Officer,
    /// Reads who asked what, and nothing else
    Auditor,
    /// Delivers pings, and reads how its own deliveries fared, and nothing else
    Partner,
    /// Who has not signed in: the page and named questions, never SQL of their own
    Public,
}

#[derive(Debug, Args)]
pub(crate) struct UserList {
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UserPassword {
    #[command(flatten)]
    pub(crate) user: UserName,
    /// Read it from standard input instead of making one
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UserToken {
    #[command(flatten)]
    pub(crate) user: UserName,
    /// Days that it is good for
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(crate) days: u32,
}
