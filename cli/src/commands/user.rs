//! `kayoi user`: who may ask a server, and what they see.

use std::io::{BufRead, stdin};

use anyhow::Context;
use kayoi_lake::Desk;
use kayoi_query::{Role, Scope, ScopeError, UserChange, change_users, read_users, rfc3339};
use kayoi_schemas::time::{Clock, DAY_MS, UtcMillis};
use serde_json::json;

use super::open;
use crate::args::{LakeOption, UserAction, UserAdd, UserList, UserOptions, UserRole};
use crate::coded::refuse;
use crate::screen::{line, note};

pub(crate) fn run(options: &UserOptions) -> anyhow::Result<()> {
    match &options.action {
        UserAction::Add(add) => added(add),
        UserAction::List(list) => listed(list),
        UserAction::Password(new) => {
            let password = UserChange::Password(typed(new.password_stdin)?);
            show(changed(&new.user.lake, &new.user.name, &password)?, "password")
        }
        UserAction::Token(token) => {
            let made = changed(&token.user.lake, &token.user.name, &UserChange::Token { days: token.days })?;
            show(made, "token")
        }
        UserAction::Revoke(user) => {
            changed(&user.lake, &user.name, &UserChange::Revoke)?;
            note(format_args!("`{}` may not ask any more; servers know it within seconds", user.name));
            Ok(())
        }
    }
}

fn added(add: &UserAdd) -> anyhow::Result<()> {
    let scope = scope(add)?;
    let role = scope.role;
    if role == Role::Public {
        if add.password_stdin || add.subject.is_some() {
            refuse!(
                Argument,
                "`public` is who has not signed in, and has neither password nor subject\nhint: leave --password-stdin and --subject out"
            );
        }
        changed(&add.user.lake, &add.user.name, &UserChange::Put(scope))?;
        note("who has not signed in sees the page and asks named questions; SQL is for who has");
        return Ok(());
    }
    let desk = desk(&add.user.lake)?;
    let is_new = !desk.block_on(read_users(&desk))?.1.contains_key(&add.user.name);
    let password = typed(add.password_stdin)?;
    changed(&add.user.lake, &add.user.name, &UserChange::Put(scope))?;
    if let Some(subject) = &add.subject {
        changed(&add.user.lake, &add.user.name, &UserChange::Subject(subject.clone()))?;
    }
    if password.is_some() || (is_new && add.subject.is_none()) {
        let made = changed(&add.user.lake, &add.user.name, &UserChange::Password(password))?;
        show(made, "password")?;
    }
    match &add.subject {
        Some(subject) if !subject.is_empty() => {
            note("signs in over HTTP and Flight SQL with the provider's tokens: Authorization: Bearer …");
        }
        _ => note(format_args!("psql: psql -h HOST -p PORT -U {} -d kayoi", add.user.name)),
    }
    Ok(())
}

fn scope(add: &UserAdd) -> anyhow::Result<Scope> {
    let role = match add.role {
        UserRole::Analyst => Role::Analyst,
        UserRole::Officer => Role::Officer,
        UserRole::Auditor => Role::Auditor,
        UserRole::Partner => Role::Partner,
        UserRole::Public => Role::Public,
    };
    Ok(match (&add.partner, role) {
        (Some(partner), Role::Partner) => Scope::of_partner(partner)?,
        (Some(_), _) => return Err(ScopeError::Partner.into()),
        (None, role) => Scope::new(role, &add.areas, &add.tables)?,
    })
}

fn listed(list: &UserList) -> anyhow::Result<()> {
    let desk = desk(&list.lake)?;
    let (_, users) = desk.block_on(read_users(&desk))?;
    if list.json {
        let user = |person: &kayoi_query::Person| {
            json!({
                "name": person.name,
                "role": person.scope.role,
                "areas": person.scope.areas.to_string(),
                "tables": person.scope.tables,
                "partner": person.scope.partner,
                "since": person.since,
                "tokens": person.token_count(),
                "subject": person.subject(),
            })
        };
        return line(serde_json::to_string_pretty(&users.values().map(user).collect::<Vec<_>>())?);
    }
    if users.is_empty() {
        note("there is no user: a server answers this machine only, and asks nobody to sign in");
    }
    for person in users.values() {
        let seen = match &person.scope {
            Scope { partner: Some(partner), .. } => format!("deliveries of {partner}"),
            Scope { tables, areas, .. } if tables.is_empty() => format!("areas {areas}, all tables"),
            Scope { tables, areas, .. } => {
                format!("areas {areas}, {}", tables.iter().map(String::as_str).collect::<Vec<_>>().join(","))
            }
        };
        let (name, role, tokens) = (&person.name, person.scope.role, person.token_count());
        let subject = person.subject().map(|subject| format!(", subject {subject}")).unwrap_or_default();
        line(format_args!("{name:<24} {role:<8} {seen}, {tokens} tokens{subject}"))?;
    }
    Ok(())
}

fn desk(lake: &LakeOption) -> anyhow::Result<Desk> {
    Ok(open(&lake.lake)?.desk())
}

fn changed(lake: &LakeOption, name: &str, change: &UserChange) -> anyhow::Result<Option<String>> {
    let desk = desk(lake)?;
    let now = Clock::System.now();
    let days = if let UserChange::Token { days } = change { i64::from(*days) } else { 0 };
    let until = UtcMillis(now.0 + days * DAY_MS);
    Ok(desk.block_on(change_users(&desk, name, change, &rfc3339(now), &rfc3339(until)))?)
}

/// A password from standard input: it never stands among the arguments, which others can read.
fn typed(is_wanted: bool) -> anyhow::Result<Option<String>> {
    if !is_wanted {
        return Ok(None);
    }
    let mut password = String::new();
    stdin().lock().read_line(&mut password).context("cannot read the password")?;
    Ok(Some(password.trim_end_matches(['\r', '\n']).to_owned()))
}

/// What was made is shown here and kept nowhere.
fn show(made: Option<String>, what: &str) -> anyhow::Result<()> {
    if let Some(made) = made {
        line(made)?;
        note(format_args!("the {what}, shown this once"));
    }
    Ok(())
}
