//! From a staff list to roster rows: who is new gets ids, who changed has the row replaced, who is the same is left alone.
//! Somebody is recognised by school and name; two people of one name at one school must be told apart by the name itself.
//! Whoever the list leaves out stays as before and is named.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rand::Rng;
use sanji_core::ids::{PersonId, PostingId, SchoolId};
use sanji_core::records::{EntryRef, RosterSet};

use super::Trouble;
use super::county_plan::Tally;
use super::staff::StaffLine;
use crate::said;
use crate::said::Said;

/// A roster row that the relay has.
#[derive(Clone, Debug)]
pub struct Known {
    /// The school.
    pub school: SchoolId,
    /// The row.
    pub row: RosterSet,
    /// The entries of this school year's document that say so, and would be replaced; none if an older one does.
    pub entries: Vec<EntryRef>,
}

/// What an import would write.
#[derive(Clone, Debug, Default)]
pub struct StaffPlan {
    /// Roster rows by school, with what each replaces.
    pub entries: Vec<(SchoolId, Vec<EntryRef>, RosterSet)>,
    /// How many are new, changed and the same.
    pub tally: Tally,
    /// What the administrator should know.
    pub notes: Vec<Said>,
}

/// Plans an import on `today` into the schools of this county.
///
/// # Errors
/// Lines that name no school, or somebody twice.
pub fn plan(
    lines: &[StaffLine],
    schools: &[(SchoolId, String)],
    known: &[Known],
    today: Date,
    rng: &mut impl Rng,
) -> Result<StaffPlan, Vec<Trouble>> {
    let mut troubles = Vec::new();
    let mut seen: BTreeMap<(SchoolId, &str), usize> = BTreeMap::new();
    let mut placed = Vec::new();
    for line in lines {
        let Some(school) = school_of(schools, &line.school) else {
            troubles.push(Trouble::new(line.line, "学校", no_school(schools, &line.school)));
            continue;
        };
        let name = line.name.as_str();
        if let Some(before) = seen.insert((school, name), line.line) {
            let said = said!(
                "第 {before} 行已有“{name}”:同名的两人请在姓名后注明,如 {name}(语文)",
                "line {before} has \"{name}\" already: tell two people of one name apart, as in {name}(语文)"
            );
            troubles.push(Trouble::new(line.line, "姓名", said));
        }
        placed.push((school, line));
    }
    if !troubles.is_empty() {
        return Err(troubles);
    }
    let held = |school: SchoolId, name: &str| {
        let open = known.iter().filter(|k| k.school == school && k.row.name == name);
        open.max_by_key(|k| (k.row.to.is_none_or(|to| today <= to), k.row.from))
    };
    // Lines with the same mark are one person, under the id that any of them already has.
    let mut people: BTreeMap<&str, PersonId> = BTreeMap::new();
    for (school, line) in placed.iter().filter(|(_, line)| !line.person.is_empty()) {
        if let Some(before) = held(*school, &line.name) {
            people.insert(&line.person, before.row.person);
        }
    }
    let mut plan = StaffPlan::default();
    for (school, line) in &placed {
        let before = held(*school, &line.name);
        let marked =
            (!line.person.is_empty()).then(|| *people.entry(&line.person).or_insert_with(|| PersonId::random(rng)));
        let person = before.map(|k| k.row.person).or(marked).unwrap_or_else(|| PersonId::random(rng));
        let row = RosterSet {
            person,
            posting: before.map_or_else(|| PostingId::random(rng), |k| k.row.posting),
            name: line.name.clone(),
            role: line.role,
            from: line.from.or(before.map(|k| k.row.from)).unwrap_or(today),
            to: line.to,
            teaches: (!line.teaches).then_some(false),
        };
        match before {
            Some(k) if !k.entries.is_empty() && k.row == row => {
                plan.tally.same += 1;
                continue;
            }
            Some(_) => plan.tally.changed += 1,
            None => plan.tally.added += 1,
        }
        plan.entries.push((*school, before.map_or_else(Vec::new, |k| k.entries.clone()), row));
    }
    let left_out: Vec<&str> = known
        .iter()
        .filter(|k| seen.keys().any(|(school, _)| *school == k.school) && !seen.contains_key(&(k.school, &k.row.name)))
        .filter(|k| k.row.to.is_none_or(|to| today <= to))
        .map(|k| k.row.name.as_str())
        .collect();
    if !left_out.is_empty() {
        let names = left_out.join("、");
        plan.notes.push(said!(
            "名单中没有而系统中已有的人员保持不变:{names}。如已离开,请在名单中写上结束日期",
            "people whom the list leaves out stay as they are: {names}. If somebody has left, list them with a last day"
        ));
    }
    Ok(plan)
}

/// The school of this name; the county's own name in front may be left out.
fn school_of(schools: &[(SchoolId, String)], name: &str) -> Option<SchoolId> {
    let exact = schools.iter().find(|(_, known)| known == name);
    if let Some((school, _)) = exact {
        return Some(*school);
    }
    let mut ending = schools.iter().filter(|(_, known)| {
        let short = known.split_once('县').map(|(_, rest)| rest);
        short == Some(name)
    });
    match (ending.next(), ending.next()) {
        (Some((school, _)), None) => Some(*school),
        _ => None,
    }
}

fn no_school(schools: &[(SchoolId, String)], name: &str) -> Said {
    let alike = |known: &str| known.chars().filter(|c| name.contains(*c)).count();
    let near = schools.iter().map(|(_, known)| known.as_str()).max_by_key(|known| alike(known));
    match near.filter(|known| alike(known) >= 2) {
        Some(near) => said!(
            "没有学校“{name}”;是“{near}”吗?学校由 county import 添加",
            "there is no school \"{name}\"; is it \"{near}\"? Schools are added by county import"
        ),
        None => said!(
            "没有学校“{name}”:请先用 county import 添加",
            "there is no school \"{name}\": add it with county import first"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::staff::parse;
    use super::*;
    use crate::random::rng;
    use jiff::civil::date;
    use sanji_core::ids::ActorId;
    use sanji_core::records::Role;

    const TODAY: Date = date(2026, 3, 2);

    fn schools() -> Vec<(SchoolId, String)> {
        let names = ["赫章县第一小学", "可乐小学", "可乐幼儿园"];
        names.iter().enumerate().map(|(i, name)| (SchoolId([i as u8; 8]), (*name).to_owned())).collect()
    }

    fn lines(rows: &str) -> Vec<StaffLine> {
        parse(format!("学校,姓名,岗位,任课,起始日期,结束日期,同一人\n{rows}").as_bytes()).unwrap()
    }

    fn written(plan: &StaffPlan) -> Vec<Known> {
        let entry = EntryRef { actor: ActorId([1; 16]), seq: 1, hash: [0; 8] };
        plan.entries
            .iter()
            .map(|(school, _, row)| Known { school: *school, row: row.clone(), entries: vec![entry] })
            .collect()
    }

    #[test]
    fn a_list_read_twice_writes_nothing_the_second_time() {
        let list = lines("可乐小学,王甲,校长,,,,\n第一小学,李乙,教师,否,2026-02-01,,\n");
        let first = plan(&list, &schools(), &[], TODAY, &mut rng()).unwrap();
        assert_eq!(first.tally, Tally { added: 2, changed: 0, same: 0 });
        assert_eq!(first.entries[0].2.from, TODAY);
        let again = plan(&list, &schools(), &written(&first), date(2026, 3, 9), &mut rng()).unwrap();
        assert_eq!((again.entries.len(), again.tally.same), (0, 2));
    }

    #[test]
    fn a_change_replaces_the_row_and_keeps_person_and_posting() {
        let first = plan(&lines("可乐小学,王甲,教师,,,,\n"), &schools(), &[], TODAY, &mut rng()).unwrap();
        let known = written(&first);
        let change = plan(&lines("可乐小学,王甲,校长,,,,\n"), &schools(), &known, TODAY, &mut rng()).unwrap();
        assert_eq!(change.tally, Tally { added: 0, changed: 1, same: 0 });
        let (_, replaced, row) = &change.entries[0];
        assert_eq!((replaced, row.role), (&known[0].entries, Role::Principal));
        assert_eq!((row.person, row.posting), (known[0].row.person, known[0].row.posting));
    }

    #[test]
    fn lines_with_one_mark_are_one_person_at_several_schools() {
        let list = lines("可乐小学,王甲,教师,,,,甲\n可乐幼儿园,王甲,教师,,,,甲\n可乐幼儿园,李乙,教师,,,,\n");
        let plan = plan(&list, &schools(), &[], TODAY, &mut rng()).unwrap();
        let [(_, _, one), (_, _, two), (_, _, three)] = &plan.entries[..] else { panic!() };
        assert_eq!(one.person, two.person);
        assert_ne!(one.posting, two.posting);
        assert_ne!(one.person, three.person);
    }

    #[test]
    fn unknown_schools_and_doubles_are_named_and_nothing_is_planned() {
        let list = lines("可乐小雪,王甲,教师,,,,\n可乐小学,李乙,教师,,,,\n可乐小学,李乙,教师,,,,\n");
        let troubles = plan(&list, &schools(), &[], TODAY, &mut rng()).unwrap_err();
        let places: Vec<_> = troubles.iter().map(|t| (t.line, t.column.as_str())).collect();
        assert_eq!(places, [(Some(2), "学校"), (Some(4), "姓名")]);
        assert!(troubles[0].said.zh.contains("是“可乐小学”吗"), "{}", troubles[0].said.zh);
    }

    #[test]
    fn people_whom_the_list_leaves_out_stay_and_are_named() {
        let first =
            plan(&lines("可乐小学,王甲,教师,,,,\n可乐小学,李乙,教师,,,,\n"), &schools(), &[], TODAY, &mut rng());
        let known = written(&first.unwrap());
        let second = plan(&lines("可乐小学,王甲,教师,,,,\n"), &schools(), &known, TODAY, &mut rng()).unwrap();
        assert_eq!(second.entries.len(), 0);
        assert!(second.notes[0].zh.contains("李乙"));
    }

    #[test]
    fn a_new_school_year_writes_the_rows_again_under_the_same_ids() {
        let list = lines("可乐小学,王甲,教师,,2026-02-01,,\n");
        let first = plan(&list, &schools(), &[], TODAY, &mut rng()).unwrap();
        let mut known = written(&first);
        known[0].entries.clear();
        let anew = plan(&list, &schools(), &known, date(2026, 9, 1), &mut rng()).unwrap();
        assert_eq!(anew.entries[0].2, first.entries[0].2);
        assert_eq!(anew.entries[0].1, []);
    }
}
