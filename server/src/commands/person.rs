//! Naming a school or a person on the command line.

use clap::Args;
use sanji_core::ids::{PersonId, PostingId, SchoolId};
use sanji_core::sync::relay::rows::PostingRow;

use super::failure::Failure;
use super::office::Office;
use crate::admin;
use crate::said;

/// A person, by id or by name and school.
#[derive(Args)]
pub(super) struct PersonArgs {
    /// 姓名(与 --school 一起) / the person's name (with --school)
    #[arg(long, value_name = "NAME", requires = "school")]
    pub name: Option<String>,
    /// 学校 / the school's name
    #[arg(long, value_name = "SCHOOL")]
    pub school: Option<String>,
    /// 人员编号 / the person's id
    #[arg(long, value_name = "ID", conflicts_with = "name")]
    pub person: Option<PersonId>,
}

impl PersonArgs {
    /// The person that is named, if one is.
    pub(super) fn find(&self, office: &mut Office) -> Result<Option<PersonId>, Failure> {
        if self.person.is_some() {
            return Ok(self.person);
        }
        let (Some(name), Some(school)) = (&self.name, &self.school) else { return Ok(None) };
        let (school, _) = find_school(office, school)?;
        let postings = people_of(office, school)?;
        let found: Vec<_> = postings.iter().filter(|(_, row)| row.name == *name).collect();
        match found[..] {
            [(_, row)] => Ok(Some(row.person)),
            [] => {
                let names: Vec<&str> = postings.iter().map(|(_, row)| row.name.as_str()).collect();
                let names = names.join("、");
                Err(Failure::data(said!(
                    "该校没有“{name}”;在册的有:{names}",
                    "nobody there is called \"{name}\"; on the roster are: {names}"
                )))
            }
            _ => Err(Failure::data(said!(
                "该校有多人名为“{name}”:请用 --person 编号",
                "several people there are called \"{name}\": use --person with the id"
            ))),
        }
    }
}

/// The school of this name.
pub(super) fn find_school(office: &mut Office, name: &str) -> Result<(SchoolId, String), Failure> {
    let schools = admin::school_names(&office.relay, &mut office.store)?;
    let fits = |known: &str| known == name || known.split_once('县').is_some_and(|(_, rest)| rest == name);
    let mut found: Vec<(SchoolId, String)> = schools.into_iter().filter(|(_, known)| fits(known)).collect();
    match (found.pop(), found.is_empty()) {
        (Some(school), true) => Ok(school),
        (Some(_), false) => Err(Failure::data(said!(
            "有多所学校名为“{name}”:请写全名",
            "several schools are called \"{name}\": give the whole name"
        ))),
        (None, _) => Err(Failure::data(said!(
            "没有学校“{name}”:county show 可列出全部学校",
            "there is no school \"{name}\": county show lists them all"
        ))),
    }
}

/// Who is on a school's roster today.
pub(super) fn people_of(office: &mut Office, school: SchoolId) -> Result<Vec<(PostingId, PostingRow)>, Failure> {
    let today = office.now.secs().date();
    let mut postings = admin::postings(&office.relay, &mut office.store, school)?;
    postings.retain(|(_, row)| row.to.is_none_or(|to| today <= to));
    postings.sort_by(|a, b| a.1.name.cmp(&b.1.name));
    Ok(postings)
}
